"""Rows of the queue for tests."""

from typing import Any

from django.utils import timezone

from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from hubspot_sync.models import Difference, DifferenceKind, QueueStatus, Reconciliation, SyncQueueItem


def failed_item(lead: Assessment, cause: str = "invalid_email", **fields: Any) -> SyncQueueItem:
    """A row that waits for a person, and a lead that says so."""
    Assessment.objects.filter(pk=lead.pk).update(
        hubspot_sync_status=SyncStatus.FAILED, hubspot_sync_error=cause
    )
    return SyncQueueItem.objects.create(
        assessment=lead,
        sync_type="contact_and_deal" if lead.qualified_for_briefing else "contact",
        status=QueueStatus.FAILED,
        retry_count=5,
        failure_cause=cause,
        last_error=cause,
        **fields,
    )


def compared_run(*kinds: DifferenceKind, lead: Assessment | None = None, **fields: Any) -> Reconciliation:
    """A finished comparison of 412 leads that left differences of these kinds to a person."""
    run = Reconciliation.objects.create(
        **{"here": 412, "there": 412 - len(kinds), "finished_at": timezone.now()} | fields
    )
    for kind in kinds:
        Difference.objects.create(reconciliation=run, assessment=lead, kind=kind, hubspot_id="501")
    return run
