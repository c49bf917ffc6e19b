"""Resend many leads at a person's request."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from assessments.models import Assessment
from hubspot_sync.delivery.enqueue import resend
from hubspot_sync.delivery.lead_reader import read_leads
from hubspot_sync.models import SyncQueueItem

CHUNK = 200  # leads locked by one transaction: well under a second


@dataclass(frozen=True, slots=True)
class Resent:
    """How many leads were queued, and how many had nothing left to send because they were scrubbed."""

    queued: int
    scrubbed: int

    def __add__(self, other: "Resent") -> "Resent":
        return Resent(self.queued + other.queued, self.scrubbed + other.scrubbed)


def resend_all(leads: Collection[UUID]) -> Resent:
    """Queue these leads (assessment ids) again, all or none; a lead without an address is left out.

    Locks the leads before their rows, the order used everywhere.
    """
    with transaction.atomic():
        locked = list(Assessment.objects.filter(pk__in=leads).order_by("pk").select_for_update())
        sendable = read_leads(locked)
        alive = [lead for lead in locked if lead.pk in sendable]
        resend(*alive)
    return Resent(queued=len(alive), scrubbed=len(locked) - len(alive))


def failed_with_cause(cause: str) -> Iterator[list[SyncQueueItem]]:
    """Yield the rows that failed with this cause, in batches; each lead once, whatever its outcome.

    One transaction for each batch keeps locks short for workers and visitors.
    """
    failed = SyncQueueItem.objects.need_a_person().filter(failure_cause=cause).order_by("assessment_id")
    portion = list(failed[:CHUNK])
    while portion:
        yield portion
        portion = list(failed.filter(assessment__gt=portion[-1].assessment_id)[:CHUNK])
