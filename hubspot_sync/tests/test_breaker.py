"""While HubSpot is down one row a minute asks; when it is back, all come soon."""

import logging
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from redis import Redis

from hubspot_sync.delivery import sweep
from hubspot_sync.http.breaker import (
    FLIGHT_SECONDS,
    FORGET_SECONDS,
    OUTAGES,
    PROBE_SECONDS,
    Breaker,
    circuit_name,
)
from hubspot_sync.http.errors import Misconfigured, NotAuthorised, Rejected, Throttled, TryAgain
from hubspot_sync.models import QueueStatus, SyncQueueItem
from hubspot_sync.tasks import deliver_due
from hubspot_sync.tests.conftest import CONTACTS, Account, Queue, row_of, time_passes
from web.redis import WORKER_SECONDS

DOWN = TryAgain("http_503")
NO_SCOPE = NotAuthorised("not_authorised_403 crm.objects.deals.write")


@pytest.fixture
def redis() -> Iterator[Redis]:
    with Redis.from_url(settings.RATE_LIMIT_REDIS_URL, decode_responses=True) as redis:
        yield redis


def redis_key(name: str) -> str:
    return f"{{breaker:{circuit_name()}}}:{name}"


def one_breaker(url: str = "") -> Breaker:
    return Breaker(url or settings.RATE_LIMIT_REDIS_URL, circuit_name())


def opened() -> Breaker:
    breaker = one_breaker()
    for _ in range(OUTAGES):
        breaker.failed(DOWN)
    return breaker


def a_minute_passes(redis: Redis, minutes: int = 1) -> None:
    time_passes(minutes=minutes)
    redis.delete(redis_key("probe"))


# The circuit


def test_outages_in_a_row_open_the_circuit_for_all_workers() -> None:
    one, other = one_breaker(), one_breaker()
    for number in range(OUTAGES):
        assert other.admits(100) == 100
        (one if number % 2 else other).failed(DOWN)
    assert one.opened() == other.opened() is not None


def test_outages_with_an_answer_between_them_do_not() -> None:
    breaker = one_breaker()
    for _ in range(2 * OUTAGES):
        breaker.failed(DOWN)
        breaker.answered()
    assert breaker.opened() is None


@pytest.mark.parametrize("error", [Rejected("invalid_email"), Misconfigured("property_doesnt_exist")])
def test_a_refusal_of_data_is_an_answer(error: Rejected | Misconfigured) -> None:
    breaker = opened()
    breaker.failed(error)
    assert breaker.opened() is None


def test_being_throttled_is_no_outage() -> None:
    breaker = one_breaker()
    for _ in range(OUTAGES):
        breaker.failed(Throttled("throttled", retry_after=10))
    assert breaker.opened() is None


def test_a_circuit_that_opened_lets_nobody_through_for_a_minute(redis: Redis) -> None:
    assert opened().admits(100) == 0
    assert PROBE_SECONDS - 5 <= redis.ttl(redis_key("probe")) <= PROBE_SECONDS


def test_then_it_lets_one_worker_through_with_one_row(redis: Redis) -> None:
    opened()
    redis.delete(redis_key("probe"))
    assert sorted(one_breaker().admits(100) for _ in range(8)) == [0] * 7 + [1]


def test_the_next_probe_comes_a_minute_after_the_last_one_failed(redis: Redis) -> None:
    breaker = opened()
    redis.delete(redis_key("probe"))
    breaker.admits(100)
    redis.expire(redis_key("probe"), 1)  # it took long
    breaker.failed(DOWN)
    assert PROBE_SECONDS - 5 <= redis.ttl(redis_key("probe")) <= PROBE_SECONDS


def test_a_probe_whose_worker_died_is_not_waited_for_long(redis: Redis) -> None:
    breaker = opened()
    redis.delete(redis_key("probe"))
    breaker.admits(100)
    assert redis.ttl(redis_key("probe")) <= PROBE_SECONDS + FLIGHT_SECONDS


def test_the_first_answer_closes_the_circuit_and_one_worker_hears_of_it() -> None:
    breaker = opened()
    breaker.answered()
    assert breaker.admits(100) == 100
    assert [one_breaker().is_back() for _ in range(3)] == [True, False, False]


def test_a_missing_scope_opens_the_circuit_at_once_and_is_remembered() -> None:
    one_breaker().failed(NO_SCOPE)
    found = one_breaker().opened()
    assert found
    assert found.cause == "not_authorised_403 crm.objects.deals.write"
    assert abs(found.since - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_state_that_nobody_renews_is_forgotten(redis: Redis) -> None:
    opened()
    assert FORGET_SECONDS - 5 <= redis.ttl(redis_key("open")) <= FORGET_SECONDS


def test_a_redis_that_forgot_leaves_the_circuit_closed(redis: Redis) -> None:
    breaker = opened()
    redis.flushdb()
    assert breaker.admits(100) == 100


def test_without_redis_the_circuit_is_closed_and_nobody_waits() -> None:
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        breaker = one_breaker(f"redis://127.0.0.1:{frozen.getsockname()[1]}/0")
        began = time.monotonic()
        for _ in range(OUTAGES):
            breaker.failed(DOWN)
        assert breaker.admits(100) == 100
        assert time.monotonic() - began < WORKER_SECONDS + 1


# The queue behind it


@pytest.mark.django_db
def test_an_outage_of_a_day_fails_no_lead_is_probed_once_a_minute_and_ends_within_minutes(
    account: Account, queued: Queue, redis: Redis
) -> None:
    for number in range(120):
        queued(f"lead{number}@x.example")
    account.fails(status=503)
    outage_of_a_day(account, redis)
    assert set(SyncQueueItem.objects.values_list("status", "retry_count")) == {(QueueStatus.WAITING, 0)}
    account.recovers()
    for _ in range(10):  # 35 are promised, for a queue of one row
        deliver_due()
        a_minute_passes(redis)
    assert set(SyncQueueItem.objects.values_list("status", flat=True)) == {QueueStatus.DONE}
    assert account.totals == (120, 120, 120)


def outage_of_a_day(account: Account, redis: Redis) -> None:
    """Seen every twenty minutes; several workers are rung each time."""
    for _ in range(OUTAGES + 1):
        deliver_due()
        time_passes(minutes=1)
    for _ in range(24 * 3):
        before = len(account.running.portal.calls.kept)
        for _ in range(3):
            deliver_due()
        assert len(account.running.portal.calls.kept) - before <= 1
        a_minute_passes(redis, minutes=20)


@pytest.mark.django_db
def test_rows_that_waited_for_the_outage_come_within_minutes_each_at_its_own_moment(queued: Queue) -> None:
    for number in range(30):
        queued(f"lead{number}@x.example")
    SyncQueueItem.objects.update(outages=7, next_retry_at=timezone.now() + timedelta(minutes=29))
    assert sweep.reschedule_after_outage() == 30
    moments = set(SyncQueueItem.objects.values_list("next_retry_at", flat=True))
    assert len(moments) == 30
    assert max(moments) <= timezone.now() + sweep.RESUME_WITHIN
    assert max(moments) - min(moments) > timedelta(minutes=2)


@pytest.mark.django_db
def test_a_probe_that_succeeds_brings_the_others_forward(
    account: Account, queued: Queue, redis: Redis
) -> None:
    late = queued("late@x.example")
    SyncQueueItem.objects.update(outages=7, next_retry_at=timezone.now() + timedelta(minutes=29))
    queued()
    opened()
    redis.delete(redis_key("probe"))
    deliver_due()
    assert row_of(late).next_retry_at <= timezone.now() + sweep.RESUME_WITHIN


@pytest.mark.django_db
def test_rows_that_wait_for_their_own_sake_are_not_brought_forward(queued: Queue) -> None:
    queued()
    SyncQueueItem.objects.update(retry_count=2, next_retry_at=timezone.now() + timedelta(minutes=29))
    assert sweep.reschedule_after_outage() == 0


@pytest.mark.django_db
def test_a_missing_scope_leaves_the_queue_alone_but_for_one_row(
    account: Account, queued: Queue, redis: Redis
) -> None:
    for number in range(5):
        queued(f"lead{number}@x.example")
    account.running.portal.scopes.discard("crm.objects.contacts.write")
    for _ in range(3):
        deliver_due()
        deliver_due()
        a_minute_passes(redis, minutes=2)
    assert account.calls(CONTACTS) == 3  # the first, which opened the circuit, and two probes
    assert account.running.portal.calls.kept[-1].inputs == 1


@pytest.mark.django_db
def test_the_queue_goes_on_by_itself_when_the_scope_is_granted(
    account: Account, queued: Queue, redis: Redis
) -> None:
    lead, scopes = queued(), account.running.portal.scopes
    scopes.discard("crm.objects.contacts.write")
    deliver_due()
    scopes.add("crm.objects.contacts.write")
    a_minute_passes(redis, minutes=2)
    deliver_due()
    assert row_of(lead).status == QueueStatus.DONE


@pytest.mark.django_db
def test_with_nothing_due_the_probe_of_the_minute_is_kept(account: Account, redis: Redis) -> None:
    opened()
    redis.delete(redis_key("probe"))
    deliver_due()
    assert not redis.exists(redis_key("probe"))


def test_opening_and_closing_are_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    breaker = opened()
    breaker.failed(DOWN)
    breaker.answered()
    breaker.answered()
    assert [record.getMessage().split("(")[0].split(":")[0].strip() for record in caplog.records] == [
        f"The circuit to {circuit_name()} is open",
        f"The circuit to {circuit_name()} is closed",
    ]
