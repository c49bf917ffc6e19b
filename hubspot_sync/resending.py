"""Sending leads again on a person's word, many at once."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from assessments.models import Assessment
from hubspot_sync.leads import lead_of
from hubspot_sync.queue import resend


@dataclass(frozen=True, slots=True)
class Resent:
    """How many leads were put into the queue, and how many had nothing left to send: they were scrubbed."""

    queued: int
    scrubbed: int


def resend_all(leads: Collection[UUID]) -> Resent:
    """Queue these leads (ids of assessments) again, all or none; a lead without an address stays out.

    Locks the leads before their rows, as everybody does.
    """
    with transaction.atomic():
        locked = list(Assessment.objects.filter(pk__in=leads).order_by("pk").select_for_update())
        alive = [lead for lead in locked if lead_of(lead)]
        for lead in alive:
            resend(lead)
    return Resent(queued=len(alive), scrubbed=len(locked) - len(alive))
