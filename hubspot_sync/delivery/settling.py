"""Settle a lead without delivery: a person decides that HubSpot is not to have it."""

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from hubspot_sync.models import QueueStatus, SyncQueueItem
from leads.models import EventKind
from leads.working import add_event


def settle_without_delivery(lead: UUID, reason: str, *, by: User) -> bool:
    """Cancel the open delivery of a lead; False if there is none. A worker that sends it loses its lease.

    The reason goes into the history of the lead. A later change of the lead queues it anew.
    """
    with transaction.atomic():
        Assessment.objects.select_for_update().filter(
            pk=lead
        ).first()  # locked before its rows, as everywhere
        rows = SyncQueueItem.objects.filter(assessment=lead).undelivered()
        cancelled = rows.update(status=QueueStatus.CANCELLED, completed_at=Now(), lease_token=None, claims=0)
        if cancelled:
            Assessment.objects.filter(pk=lead).update(hubspot_sync_status=SyncStatus.SETTLED)
            add_event(lead, EventKind.SETTLED, by, detail=reason)
    return bool(cancelled)
