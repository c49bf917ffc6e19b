"""Leads under pressure: HubSpot asks us to be slower, and nobody pays for it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings
from redis import Redis

from audit.models import SystemLog
from hubspot_sync.delivery import batch
from hubspot_sync.http.backoff import until_midnight
from hubspot_sync.http.client import KNOWN_ACCOUNTS
from hubspot_sync.http.errors import Throttled
from hubspot_sync.http.limiter import limiter
from hubspot_sync.http.rate_headers import RateHeaders
from hubspot_sync.models import QueueStatus, SyncQueueItem
from hubspot_sync.tasks import deliver_due
from hubspot_sync.tests.conftest import CONTACTS, DEALS, LINKS, Account, Queue, row_of, time_passes

pytestmark = pytest.mark.django_db


def unspent() -> bool:
    spent = SyncQueueItem.objects.values_list("retry_count", "outages", "claims")
    return set(spent) == {(0, 0, 0)}


def test_429_on_half_of_the_calls_spends_nothing_and_loses_nothing(account: Account, queued: Queue) -> None:
    for number in range(150):
        queued(f"lead{number}@x.example")
    account.fails(status=429, every=2)
    deliver_due()
    assert account.totals == (150, 150, 150)
    assert unspent()


@pytest.mark.parametrize(("route", "steps"), [(CONTACTS, 0), (DEALS, 1), (LINKS, 2)])
def test_where_hubspot_goes_on_refusing_the_rows_are_put_back_with_their_steps(
    account: Account, queued: Queue, monkeypatch: pytest.MonkeyPatch, route: str, steps: int
) -> None:
    monkeypatch.setattr(batch, "FIRST_PATIENCE", 0.2)
    monkeypatch.setattr(batch, "PATIENCE", 0.2)
    lead = queued()
    account.running.portal.switches = replace(account.running.portal.switches, burst_limit=100)
    account.fails(route=route, status=429)
    with pytest.raises(Throttled):
        account.deliver()
    row = row_of(lead)
    assert (row.status, row.last_error) == (QueueStatus.WAITING, "throttled")
    assert [bool(row.hubspot_contact_id), bool(row.hubspot_deal_id)].count(True) == steps
    assert unspent()


def test_a_batch_that_has_begun_waits_for_its_next_place(
    account: Account, queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "FIRST_PATIENCE", 0)
    queued()
    account.fails(route=DEALS, status=429, times=1)
    account.deliver()
    assert account.totals == (1, 1, 1)


def test_a_worker_that_finds_no_place_puts_its_rows_back_until_there_is_one(
    account: Account, queued: Queue
) -> None:
    lead = queued()
    closed_for(300)
    with pytest.raises(Throttled):
        account.deliver()
    row = row_of(lead)
    assert row.last_attempt_at
    assert 299 <= (row.next_retry_at - row.last_attempt_at).total_seconds() <= 302
    assert unspent()


def closed_for(seconds: float) -> None:
    limiter().answered(limiter().take("/", patience=1), RateHeaders(refused=True, wait=seconds))


def open_again() -> None:
    with Redis.from_url(django_settings.RATE_LIMIT_REDIS_URL) as redis:
        redis.flushdb()


def test_while_nobody_may_call_no_row_is_claimed(account: Account, queued: Queue) -> None:
    lead = queued()
    closed_for(300)
    deliver_due()
    assert row_of(lead).last_attempt_at is None
    assert not account.running.portal.calls.kept


def test_a_lead_that_was_throttled_for_days_is_not_given_up(account: Account, queued: Queue) -> None:
    lead = queued()
    for _ in range(5):
        closed_for(300)
        with pytest.raises(Throttled):
            account.deliver()
        time_passes(hours=24)
        open_again()
    assert row_of(lead).status == QueueStatus.WAITING


# The daily quota


def test_a_used_up_day_parks_the_queue_until_midnight_and_is_told_once(
    account: Account, queued: Queue, settings: Settings
) -> None:
    settings.ADMINS = [("", "ops@form.example")]
    early, late = queued(), queued("late@x.example")
    SyncQueueItem.objects.filter(assessment=late).update(next_retry_at=timezone.now() + timedelta(hours=1))
    account.running.portal.switches = replace(account.running.portal.switches, daily_limit=0)
    for _ in range(3):
        deliver_due()
    midnight = until_midnight(timezone.now(), "America/New_York")
    wait = row_of(early).next_retry_at - timezone.now()
    assert wait.total_seconds() == pytest.approx(midnight, abs=60)
    SyncQueueItem.objects.update(next_retry_at=timezone.now())
    deliver_due()
    assert len(account.running.portal.calls.kept) == 1
    assert unspent()
    assert [found.event_type for found in SystemLog.objects.all()] == ["hubspot_daily_quota_used_up"]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("set_to", ["", "Europe/Berlin"])
def test_which_account_it_is_and_where_it_lives_is_asked_once(
    account: Account, queued: Queue, settings: Settings, set_to: str
) -> None:
    settings.HUBSPOT_TIME_ZONE = set_to
    KNOWN_ACCOUNTS.clear()
    limiter.cache_clear()
    for number in range(3):
        queued(f"lead{number}@x.example")
        deliver_due()
    assert account.calls("GET account/details") == 1
    assert limiter().zone == (set_to or "America/New_York")


def test_an_account_that_does_not_tell_where_it_lives_disturbs_nobody(
    account: Account, queued: Queue, settings: Settings
) -> None:
    settings.HUBSPOT_TIME_ZONE = ""
    KNOWN_ACCOUNTS.clear()
    limiter.cache_clear()
    account.fails(route="GET account/*", status=403)
    for number in range(3):
        queued(f"lead{number}@x.example")
        deliver_due()
    assert account.totals == (3, 3, 3)
    assert account.calls("GET account/details") == 1
