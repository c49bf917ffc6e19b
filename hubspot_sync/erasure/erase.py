"""Erasing people in HubSpot: into the queue with the erasure here, out of it like a lead.

Repeating an erasure is safe: what is gone stays gone; an address that HubSpot does not know is blocked there.
"""

import logging
import random
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest, Now

from assessments.models import SuppressedAddress
from audit.models import SystemLog
from encryption.keys import KeyMissing
from hubspot_sync.alerts import ERASURE_FAILED, alert
from hubspot_sync.causes import BY_HAND
from hubspot_sync.delivery.enqueue import wake_worker
from hubspot_sync.delivery.recording import STOPPED_SECONDS
from hubspot_sync.http.backoff import outage_delay
from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.http.errors import Misconfigured, Rejected, TryAgain
from hubspot_sync.models import HubSpotErasure, QueueStatus, SyncQueueItem
from hubspot_sync.models.erasure import ErasureQuerySet, ErasureStatus
from queues.leased_row import RELEASED

NO_SCOPE = "not_authorised_403"  # perhaps for erasing alone: tried again, it would take every turn from leads
FORGOTTEN: dict[str, Any] = {"contact_id": None, "address": None}

logger = logging.getLogger(__name__)


def stop_sending(runs: Collection[UUID]) -> int:
    """Cancel what waits for these runs; how many rows. A worker that holds one writes nothing any more."""
    rows = SyncQueueItem.objects.filter(assessment__in=runs).undelivered()
    return rows.update(status=QueueStatus.CANCELLED, completed_at=Now(), lease_token=None, claims=0)


def enqueue_erasure(
    erasure: SuppressedAddress, *, address: str, runs: Collection[UUID], contacts: Collection[str]
) -> None:
    """Have HubSpot forget these contacts, or, where no id is known, whoever has this address.

    Call it before `stop_sending`: a worker may hold a row of these runs at this moment. Then the erasure
    waits until its lease is over, and goes by the address: it may be making a contact that nobody notes.
    """
    # Locked: no worker takes one from here on, and none who just did is overlooked.
    waiting = SyncQueueItem.objects.undelivered().filter(assessment__in=runs).order_by("pk")
    leases = waiting.select_for_update().values_list("status", "next_retry_at")
    held_until = max((until for status, until in leases if status == QueueStatus.LEASED), default=None)
    due = Greatest(Now(), Value(held_until)) if held_until else Now()
    rows = [HubSpotErasure(erasure=erasure, contact_id=id, next_try_at=due) for id in sorted(contacts)]
    if held_until or not rows:
        rows.append(HubSpotErasure(erasure=erasure, address=address, next_try_at=due))
    HubSpotErasure.objects.bulk_create(rows)
    transaction.on_commit(wake_worker, robust=True)


def erase_next(client: HubSpotClient) -> bool:
    """Carry out the oldest due erasure; False when there is none.

    Raises TryAgain or Misconfigured after the row was put back: no use going on now.
    """
    row = HubSpotErasure.objects.without_address().claim()
    if row is None:
        return False
    if row.is_crash_looping:
        needs_a_person(row, "worker_died")
    else:
        attempt(client, row)
    return True


def attempt(client: HubSpotClient, row: HubSpotErasure) -> None:
    try:
        address = "" if row.contact_id else row.address
    except KeyMissing:
        needs_a_person(row, "key_missing")
        return
    if row.contact_id or address:
        carry_out(client, row, address or "")
    else:
        needs_a_person(row, "nothing_left_to_erase")


def carry_out(client: HubSpotClient, row: HubSpotErasure, address: str) -> None:
    try:
        client.erase_contact(id=row.contact_id or "", address=address)
    except TryAgain as error:
        chance = random.random()  # noqa: S311  # jitter, no secret
        seconds = (error.retry_after or 0) + outage_delay(row.failures + 1, chance)
        row.wait(seconds, error.cause, failures=F("failures") + 1)
        raise
    except Misconfigured as error:
        if error.cause.startswith(NO_SCOPE):
            needs_a_person(row, error.cause)
        else:
            row.wait(STOPPED_SECONDS, error.cause)
            raise
    except Rejected as error:
        needs_a_person(row, error.cause)
    else:
        row.settle(ErasureStatus.DONE, **FORGOTTEN, done_at=Now(), failure_cause="")


def send_again(rows: ErasureQuerySet) -> int:
    """Put those of the rows that failed back into the line; how many. Whom to erase must still be known."""
    known = Q(contact_id__isnull=False) | Q(address__isnull=False)
    sent = rows.filter(known).send_again()
    transaction.on_commit(wake_worker, robust=True)
    return sent


def settle_by_hand(rows: QuerySet[HubSpotErasure], *, asked_by: str) -> int:
    """Note that somebody erased these contacts in HubSpot by hand; how many were open until now.

    Also one that a worker holds: it finds its lease gone and writes nothing. `asked_by` is a word.
    """
    with transaction.atomic():
        open_ones = rows.exclude(status=ErasureStatus.DONE).order_by("pk").select_for_update()
        found = dict(open_ones.values_list("pk", "erasure_id"))
        for erasure in found.values():
            SystemLog.objects.record(
                "erasure_settled", "An erasure was done by hand", erasure=erasure, asked_by=asked_by
            )
        settled = HubSpotErasure.objects.filter(pk__in=found)
        return settled.update(
            status=ErasureStatus.DONE, done_at=Now(), failure_cause=BY_HAND, **FORGOTTEN, **RELEASED
        )


def needs_a_person(row: HubSpotErasure, cause: str) -> None:
    if row.fail(cause):
        logger.error("Erasure %s in HubSpot needs a person: %s", row.erasure_id, cause)
        alert(ERASURE_FAILED, cause)
