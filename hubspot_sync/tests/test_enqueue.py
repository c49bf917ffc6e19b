import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from celery import current_app
from django.db import transaction
from redis import Redis

from assessments.models import Assessment
from assessments.signals import lead_changed
from config.embedded.valkey import Valkey
from hubspot_sync.delivery import recording
from hubspot_sync.delivery.enqueue import enqueue, resend
from hubspot_sync.models import QueueStatus, SyncQueueItem
from hubspot_sync.tests.conftest import Queue, fresh, row_of, time_passes
from queues import wakeup

pytestmark = pytest.mark.django_db


def test_a_changed_lead_has_a_row_that_is_due_at_once(cold_lead: Assessment) -> None:
    lead_changed.send(Assessment, assessment=cold_lead)
    row = SyncQueueItem.objects.due().get()
    assert (row.assessment_id, row.status, row.revision) == (cold_lead.pk, QueueStatus.WAITING, 1)


def test_the_row_says_what_is_due_and_holds_nothing_of_the_person(hot_lead: Assessment) -> None:
    enqueue(hot_lead)
    row = row_of(hot_lead)
    assert row.sync_type == "contact_and_deal"
    assert row.payload == {"lead_quality": "executive_briefing_qualified", "total_score": 20}


def test_a_plain_lead_asks_for_a_contact_only(cold_lead: Assessment) -> None:
    enqueue(cold_lead)
    assert row_of(cold_lead).sync_type == "contact"


def test_a_lead_that_changes_while_it_waits_keeps_its_one_row(queued: Queue) -> None:
    lead = queued()
    enqueue(lead)
    assert SyncQueueItem.objects.get().revision == 2


def test_a_change_ends_the_wait_of_a_row_and_gives_it_fresh_attempts(queued: Queue) -> None:
    lead = queued()
    [item] = SyncQueueItem.objects.claim(1)
    recording.record_failed_attempt(item, "no_answer_for_input")
    enqueue(lead)
    row = SyncQueueItem.objects.due().get()
    assert (row.retry_count, row.last_error, row.claims) == (0, "", 0)


def test_a_failed_row_goes_back_into_the_line_when_its_lead_changes(queued: Queue) -> None:
    lead = queued()
    recording.record_rejected(SyncQueueItem.objects.claim(1), "invalid_email")
    enqueue(lead)
    row = SyncQueueItem.objects.due().get()
    assert (row.status, row.failure_cause, row.retry_count) == (QueueStatus.WAITING, "", 0)


def test_a_failed_lead_that_is_sent_again_is_pending_and_due(queued: Queue) -> None:
    lead = queued()
    recording.record_rejected(SyncQueueItem.objects.claim(1), "invalid_email")
    resend(lead)
    assert SyncQueueItem.objects.due().get().retry_count == 0
    assert (fresh(lead).hubspot_sync_status, fresh(lead).hubspot_sync_error) == ("pending", None)


def test_a_leased_row_stays_with_its_worker_and_learns_of_the_change(queued: Queue) -> None:
    lead = queued()
    [item] = SyncQueueItem.objects.claim(1)
    enqueue(lead)
    row = row_of(lead)
    assert (row.status, row.lease_token, row.claims) == (QueueStatus.LEASED, item.lease_token, 1)
    assert row.revision == item.revision + 1


def test_a_row_that_changed_on_the_way_goes_round_again(queued: Queue) -> None:
    lead = queued()
    items = SyncQueueItem.objects.claim(1)
    enqueue(lead)
    recording.record_delivered(items)
    assert SyncQueueItem.objects.due().get().revision == 2
    assert fresh(lead).hubspot_sync_status == "pending"


@pytest.mark.parametrize("settle", [recording.record_delivered, recording.record_nothing_to_send])
def test_a_lead_whose_row_is_settled_gets_a_new_row(queued: Queue, settle: object) -> None:
    lead = queued()
    assert callable(settle)
    settle(SyncQueueItem.objects.claim(1))
    enqueue(lead)
    assert SyncQueueItem.objects.count() == 2
    assert SyncQueueItem.objects.due().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_lead_that_is_not_committed_leaves_no_row(hot_lead: Assessment) -> None:
    with transaction.atomic():
        lead_changed.send(Assessment, assessment=hot_lead)
        transaction.set_rollback(True)
    assert not SyncQueueItem.objects.exists()


# The bell


@pytest.fixture
def silent_redis(rested_bell: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A Redis that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(5)
        redis_at(monkeypatch, f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
        yield listener


@pytest.fixture
def refusing_redis(rested_bell: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port where nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        redis_at(monkeypatch, f"redis://127.0.0.1:{listener.getsockname()[1]}/0")


def redis_at(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(current_app.conf, "broker_url", url)
    monkeypatch.setattr(current_app.conf, "broker_write_url", url)


def seconds_to_commit(lead: Assessment) -> float:
    started = time.monotonic()
    with transaction.atomic():
        enqueue(lead)
    return time.monotonic() - started


@pytest.mark.django_db(transaction=True)
def test_a_refusing_redis_neither_fails_nor_delays_a_request(
    hot_lead: Assessment, refusing_redis: None
) -> None:
    assert seconds_to_commit(hot_lead) < 1
    assert SyncQueueItem.objects.due().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_frozen_redis_neither_fails_nor_delays_a_request(
    hot_lead: Assessment, silent_redis: socket.socket
) -> None:
    assert seconds_to_commit(hot_lead) < 1
    assert SyncQueueItem.objects.due().count() == 1


def test_after_a_failure_the_bell_rests(silent_redis: socket.socket) -> None:
    wakeup.ring("any.task")
    silent_redis.accept()[0].close()
    silent_redis.settimeout(0.1)
    wakeup.ring("any.task")
    with pytest.raises(TimeoutError):
        silent_redis.accept()


def test_after_its_rest_the_bell_rings_again(
    silent_redis: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    wakeup.ring("any.task")
    silent_redis.accept()[0].close()
    monkeypatch.setattr(wakeup, "_rest_until", time.monotonic())
    wakeup.ring("any.task")
    silent_redis.accept()[0].close()


@pytest.mark.django_db(transaction=True)
def test_the_bell_waits_for_the_commit(hot_lead: Assessment, silent_redis: socket.socket) -> None:
    silent_redis.settimeout(0.1)
    with transaction.atomic():
        enqueue(hot_lead)
        with pytest.raises(TimeoutError):
            silent_redis.accept()
    silent_redis.accept()[0].close()


def test_a_row_whose_time_has_not_come_is_not_due(queued: Queue) -> None:
    queued()
    time_passes(seconds=-30)
    assert not SyncQueueItem.objects.due().exists()


@pytest.fixture
def own_redis(tmp_path: Path, rested_bell: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """A Redis that nobody else talks to."""
    server = Valkey(tmp_path / "valkey", tmp_path / "valkey.log", durable=False, environment={})
    with server.running() as url, Redis.from_url(url) as redis:
        redis_at(monkeypatch, url)
        yield redis


def test_rings_share_one_connection(own_redis: Redis) -> None:
    wakeup.ring("any.task")
    before = own_redis.info("stats")["total_connections_received"]
    for _ in range(5):
        wakeup.ring("any.task")
    assert own_redis.info("stats")["total_connections_received"] == before
    assert own_redis.llen("celery") == 6


def test_a_connection_that_redis_closed_costs_no_ring(own_redis: Redis) -> None:
    wakeup.ring("any.task")
    own_redis.client_kill_filter(_type="normal", skipme=True)
    wakeup.ring("any.task")
    assert own_redis.llen("celery") == 2
