"""Sending leads again on a person's word."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from hubspot_sync.delivery.enqueue import wake_worker
from hubspot_sync.delivery.resending import resend_all
from hubspot_sync.models import QueueStatus, SyncQueueItem
from hubspot_sync.tests.factories import failed_item

pytestmark = pytest.mark.django_db


def test_a_failed_lead_waits_again_with_a_fresh_budget(hot_lead: Assessment) -> None:
    item = failed_item(hot_lead)
    assert resend_all([hot_lead.pk]) == 1
    item.refresh_from_db()
    assert (item.status, item.retry_count, item.failure_cause) == (QueueStatus.WAITING, 0, "")


def test_the_lead_no_longer_says_that_it_failed(hot_lead: Assessment) -> None:
    failed_item(hot_lead)
    resend_all([hot_lead.pk])
    hot_lead.refresh_from_db()
    assert (hot_lead.hubspot_sync_status, hot_lead.hubspot_sync_error) == (SyncStatus.PENDING, None)


def test_a_delivered_lead_gets_a_row_of_its_own(hot_lead: Assessment) -> None:
    SyncQueueItem.objects.create(assessment=hot_lead, sync_type="contact", status=QueueStatus.DONE)
    resend_all([hot_lead.pk])
    assert sorted(SyncQueueItem.objects.values_list("status", flat=True)) == ["done", "waiting"]


def test_a_scrubbed_lead_is_never_sent_again(erased_lead: Assessment) -> None:
    item = failed_item(erased_lead)
    assert resend_all([erased_lead.pk]) == 0
    item.refresh_from_db()
    assert item.status == QueueStatus.FAILED


def test_many_leads_wake_a_worker_once(
    hot_lead: Assessment,
    cold_lead: Assessment,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        resend_all([hot_lead.pk, cold_lead.pk])
    assert callbacks == [wake_worker]
