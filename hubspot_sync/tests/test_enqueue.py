import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from assessments.models import Assessment
from assessments.signals import lead_changed
from hubspot_sync.delivery import recording
from hubspot_sync.delivery.enqueue import enqueue, resend, wake_worker
from hubspot_sync.models import QueueStatus, SyncQueueItem
from hubspot_sync.tests.conftest import Queue, fresh, row_of, time_passes

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


def test_a_lead_wakes_a_worker_once_it_is_committed(
    hot_lead: Assessment, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        enqueue(hot_lead)
    assert callbacks == [wake_worker]


def test_a_row_whose_time_has_not_come_is_not_due(queued: Queue) -> None:
    queued()
    time_passes(seconds=-30)
    assert not SyncQueueItem.objects.due().exists()
