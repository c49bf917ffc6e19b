"""Erase people in HubSpot: queued in the transaction of the local erasure, delivered by a worker like a lead.

Erased are the contact with the proven address, and contacts known by id that still have that address when
they are read: an id alone may refer to another person by now. Idempotent: an erased contact stays erased, and
HubSpot blocks an address that it does not know.
"""

import logging
import random
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest, Now

from assessments.models import Assessment, SuppressedAddress
from audit.models import SystemLog
from encryption.email_addresses import address_hash
from encryption.keys import KeyMissing
from hubspot_sync.alerts import ERASURE_FAILED, alert
from hubspot_sync.causes import BY_HAND
from hubspot_sync.delivery.contacts import addresses_of
from hubspot_sync.delivery.enqueue import wake_worker
from hubspot_sync.delivery.recording import stopped_seconds
from hubspot_sync.http.backoff import outage_delay
from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.http.errors import Misconfigured, NotAuthorised, Rejected, TryAgain
from hubspot_sync.http.records import ADDITIONAL_ADDRESSES
from hubspot_sync.models import HubSpotAccount, HubSpotErasure, QueueStatus, SyncQueueItem
from hubspot_sync.models.erasure import ErasureQuerySet, ErasureStatus
from queues.leased_row import RELEASED

FORGOTTEN: dict[str, Any] = {"contact_id": None, "portal_id": None, "address": None}

logger = logging.getLogger(__name__)


def stop_sending(assessments: Collection[UUID]) -> int:
    """Cancel open deliveries of these assessments; returns how many. A worker loses its lease."""
    rows = SyncQueueItem.objects.filter(assessment__in=assessments).undelivered()
    return rows.update(status=QueueStatus.CANCELLED, completed_at=Now(), lease_token=None, claims=0)


def contacts_to_erase(assessments: Iterable[Assessment]) -> dict[str, str | None]:
    """Contacts (id -> account) that the address may not find: created by us, or in another account."""
    current = HubSpotAccount.objects.latest_portal()
    return {
        each.hubspot_contact_id: each.hubspot_portal_id
        for each in assessments
        if each.hubspot_contact_id
        and (each.hubspot_contact_created or each.hubspot_portal_id not in (None, current))
    }


def enqueue_erasure(
    erasure: SuppressedAddress,
    *,
    address: str,
    assessments: Collection[UUID],
    contacts: Mapping[str, str | None],
) -> None:
    """Queue the erasure of the contact with this address, and of these (id -> account) if they have it.

    Call it before `stop_sending`: at this moment a worker may hold a row of these assessments and be creating
    a contact whose id will not be recorded. The erasure then waits until that lease has expired.
    """
    # Locked: no worker can claim a row from here on, and a claim made just before is seen.
    waiting = SyncQueueItem.objects.undelivered().filter(assessment__in=assessments).order_by("pk")
    leases = waiting.select_for_update().values_list("status", "next_retry_at")
    held_until = max((until for status, until in leases if status == QueueStatus.LEASED), default=None)
    due = Greatest(Now(), Value(held_until)) if held_until else Now()
    by_id = [
        HubSpotErasure(erasure=erasure, contact_id=id, portal_id=portal, next_try_at=due)
        for id, portal in sorted(contacts.items())
    ]
    by_address = HubSpotErasure(erasure=erasure, address=address, next_try_at=due)
    HubSpotErasure.objects.bulk_create([*by_id, by_address])
    transaction.on_commit(wake_worker, robust=True)


def erase_next(client: HubSpotClient) -> bool:
    """Carry out the oldest due erasure; False when there is none.

    Raises TryAgain or Misconfigured after the row was put back: the caller must stop.
    """
    row = HubSpotErasure.objects.without_address().claim()
    if row is None:
        return False
    if row.is_crash_looping:
        fail_and_alert(row, "worker_died")
    else:
        attempt_erasure(client, row)
    return True


def attempt_erasure(client: HubSpotClient, row: HubSpotErasure) -> None:
    try:
        address = "" if row.contact_id else row.address
    except KeyMissing:
        fail_and_alert(row, "key_missing")
        return
    if row.contact_id or address:
        carry_out(client, row, address or "")
    else:
        fail_and_alert(row, "nothing_left_to_erase")


def erase_by_id(client: HubSpotClient, row: HubSpotErasure) -> str:
    """Erase the contact if it has the address of the erasure; '' or the cause for leaving it.

    A contact that is already gone is no error: the address has a row of its own.
    """
    if row.portal_id and row.portal_id != client.account().portal_id:
        return "contact_in_other_account"
    for record in client.read("contacts", [row.contact_id or ""], ["email", ADDITIONAL_ADDRESSES]):
        if row.erasure.address_hash not in map(address_hash, addresses_of(record)):
            return "contact_has_other_address"
        client.erase_contact(id=record.id)
    return ""


def carry_out(client: HubSpotClient, row: HubSpotErasure, address: str) -> None:
    left = ""
    try:
        if row.contact_id:
            left = erase_by_id(client, row)
        else:
            client.erase_contact(address=address)
    except TryAgain as error:
        chance = random.random()  # noqa: S311  # jitter, no secret
        seconds = (error.retry_after or 0) + outage_delay(row.failures + 1, chance)
        row.wait(seconds, error.cause, failures=F("failures") + 1)
        raise
    except Misconfigured as error:
        if isinstance(error, NotAuthorised) and error.lacks_scope:  # retrying would starve the leads
            fail_and_alert(row, error.cause)
        else:
            row.wait(stopped_seconds(error), error.cause)
            raise
    except Rejected as error:
        fail_and_alert(row, error.cause)
    else:
        if left:
            fail_and_alert(row, left)
        else:
            row.settle(ErasureStatus.DONE, **FORGOTTEN, done_at=Now(), failure_cause="")


def send_again(rows: ErasureQuerySet) -> int:
    """Queue failed erasures again; returns how many. The data subject must still be known."""
    known = Q(contact_id__isnull=False) | Q(address__isnull=False)
    sent = rows.filter(known).send_again()
    transaction.on_commit(wake_worker, robust=True)
    return sent


def settle_by_hand(rows: QuerySet[HubSpotErasure], *, asked_by: str) -> int:
    """Record erasures that a person carried out in HubSpot; returns how many were still open.

    Includes rows leased to a worker, which then finds its lease lost and writes nothing. `asked_by` is a
    word.
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


def fail_and_alert(row: HubSpotErasure, cause: str) -> None:
    if row.fail(cause):
        logger.error("Erasure %s in HubSpot needs a person: %s", row.erasure_id, cause)
        alert(ERASURE_FAILED, cause)
