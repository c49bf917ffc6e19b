"""Resend many leads at a person's request."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from assessments.models import Assessment
from hubspot_sync.delivery.enqueue import resend
from hubspot_sync.delivery.lead_reader import read_leads
from hubspot_sync.models import SyncQueueItem


def resend_rows(rows: QuerySet[SyncQueueItem]) -> int:
    """Queue the leads of these rows again, all or none; return how many: those without an address stay."""
    return resend_all(set(rows.values_list("assessment_id", flat=True)))


def resend_all(leads: Collection[UUID]) -> int:
    """Queue these leads (assessment ids) again, all or none; return how many had an address to send.

    Locks the leads before their rows, the order used everywhere.
    """
    with transaction.atomic():
        locked = list(Assessment.objects.filter(pk__in=leads).order_by("pk").select_for_update())
        sendable = read_leads(locked)
        with_address = [lead for lead in locked if lead.pk in sendable]
        resend(*with_address)
    return len(with_address)
