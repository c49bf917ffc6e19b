"""Record the outcome of claimed rows under their lease token: a worker that lost its lease writes nothing.

Lock order, as everywhere a lead is changed: first the assessment, then its queue row. All rows of a call come
from one claim, and the number of statements does not grow with them. Every outcome is also added to the
lead's history, with the correlation id of HubSpot's answer.
"""

import logging
import random
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Now

from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from hubspot_sync.alerts import LEAD_FAILED, alert
from hubspot_sync.http.backoff import outage_delay
from hubspot_sync.http.errors import Misconfigured, NotAuthorised, Throttled, TryAgain
from hubspot_sync.models import AttemptOutcome, QueueStatus, SyncAttempt, SyncQueueItem
from monitoring.tracing import trace_id
from queues.backoff import retry_delay

OUTAGE_PATIENCE = timedelta(hours=72)  # of outage before the row needs a person: docs/hubspot.md
STOPPED_SECONDS = 60.0  # until the next attempt with a misconfigured account
LEASE_CLEARED: dict[str, Any] = {"lease_token": None, "claims": 0}
STEPS_CLEARED: dict[str, Any] = {"hubspot_contact_id": None, "hubspot_deal_id": None}

logger = logging.getLogger(__name__)

Items = Collection[SyncQueueItem]
NO_NOTES: Mapping[str, str] = {}
CONTACT_COLUMNS = ("hubspot_portal_id", "hubspot_contact_created", "hubspot_address_hash")


def queue_rows(items: Items) -> QuerySet[SyncQueueItem]:
    return SyncQueueItem.objects.filter(pk__in=[item.pk for item in items])


def assessments_of_items(items: Items) -> QuerySet[Assessment]:
    return Assessment.objects.filter(pk__in=[item.assessment_id for item in items])


def lock_assessments(items: Items) -> None:
    list(assessments_of_items(items).order_by("pk").select_for_update(no_key=True).values_list("pk"))


@contextmanager
def lock_leased(items: Items) -> Iterator[list[SyncQueueItem]]:
    """Lock leads and rows in one transaction; yields the rows whose lease is still ours.

    A row whose lead changed meanwhile is left out: it becomes due again at once, from the first step.
    """
    if not items:
        yield []
        return
    tokens = {item.lease_token for item in items}
    with transaction.atomic():
        lock_assessments(items)
        held = queue_rows(items).filter(lease_token__in=tokens).order_by("pk").select_for_update()
        revisions = dict(held.values_list("pk", "revision"))
        changed = [item for item in items if revisions.get(item.pk, item.revision) != item.revision]
        queue_rows(changed).update(
            status=QueueStatus.WAITING, next_retry_at=Now(), **STEPS_CLEARED, **LEASE_CLEARED
        )
        yield [item for item in items if revisions.get(item.pk) == item.revision]


def add_to_history(items: Items, outcome: AttemptOutcome, cause: str = "", correlation: str = "") -> None:
    """Add one history entry per lead. A continuing outage is recorded once, not at every attempt."""
    trace = trace_id()
    SyncAttempt.objects.bulk_create(
        SyncAttempt(
            assessment_id=item.assessment_id,
            revision=item.revision,
            outcome=outcome,
            cause=cause,
            correlation_id=correlation,
            trace_id=trace,
        )
        for item in items
        if outcome not in (AttemptOutcome.POSTPONED, AttemptOutcome.STOPPED) or item.last_error != cause
    )


def record_step(step: str, ids: Mapping[SyncQueueItem, str]) -> list[SyncQueueItem]:
    """Record one step (`hubspot_contact_id` or `hubspot_deal_id`) durably; returns the rows still ours.

    The lead gets the id at once too: from now on the stage of its deal belongs to sales. A contact is
    recorded with its account, whether this lead created it, and the hash of the address that was sent, as set
    by the caller.
    """
    columns = [step, *CONTACT_COLUMNS] if step == "hubspot_contact_id" else [step]
    with lock_leased(ids.keys()) as ours:
        for item in ours:
            setattr(item, step, ids[item])
            setattr(item.assessment, step, ids[item])
        SyncQueueItem.objects.bulk_update(ours, [step])
        Assessment.objects.bulk_update([item.assessment for item in ours], columns)
    return ours


def record_account(items: Items, portal_id: str, deals: Mapping[str, str]) -> list[SyncQueueItem]:
    """Discard ids of another account; returns the rows that are still ours.

    `deals` are the ids in this account, found by our unique key. From here on the ids of the lead belong to
    this account.
    """
    with lock_leased(items) as ours:
        for item in ours:
            item.hubspot_contact_id = item.hubspot_deal_id = None
            lead = item.assessment
            lead.hubspot_portal_id = portal_id
            lead.hubspot_deal_id = deals.get(str(lead.pk))
            lead.hubspot_contact_id = lead.hubspot_address_hash = None
            lead.hubspot_contact_created = False
        SyncQueueItem.objects.bulk_update(ours, [*STEPS_CLEARED])
        Assessment.objects.bulk_update(
            [item.assessment for item in ours], ["hubspot_contact_id", "hubspot_deal_id", *CONTACT_COLUMNS]
        )
    return ours


def record_archived(items: Items) -> None:
    """Discard the ids of contacts that were archived in HubSpot."""
    with lock_leased(items) as ours:
        assessments_of_items(ours).update(
            hubspot_contact_id=None, hubspot_address_hash=None, hubspot_contact_created=False
        )


def record_delivered(items: Items, correlation: str = "", notes: Mapping[str, str] = NO_NOTES) -> None:
    """Record the leads as delivered. `notes` are remarks for a person by row id."""
    with lock_leased(items) as ours:
        queue_rows(ours).update(
            status=QueueStatus.DONE, completed_at=Now(), last_error="", outages=0, **LEASE_CLEARED
        )
        assessments_of_items(ours).update(
            hubspot_sync_status=SyncStatus.SYNCED,
            hubspot_sync_attempts=F("hubspot_sync_attempts") + 1,
            hubspot_sync_error=None,
            hubspot_synced_at=Now(),
        )
        for note in {notes.get(str(item.pk), "") for item in ours}:
            noted = [item for item in ours if notes.get(str(item.pk), "") == note]
            if note:
                queue_rows(noted).update(last_error=note)
            add_to_history(noted, AttemptOutcome.DELIVERED, note, correlation)


def record_nothing_to_send(items: Items, status: SyncStatus = SyncStatus.SKIPPED) -> None:
    """Record leads that are gone, scrubbed or may not be sent (`status`): nothing is created for them.

    What HubSpot has already stays there, and so does the status of such a lead.
    """
    with lock_leased(items) as ours:
        queue_rows(ours).update(status=QueueStatus.CANCELLED, completed_at=Now(), **LEASE_CLEARED)
        assessments_of_items(ours).exclude(hubspot_sync_status=SyncStatus.SYNCED).update(
            hubspot_sync_status=status
        )
        add_to_history(ours, AttemptOutcome.NOTHING_TO_SEND)


def record_outage(items: Items, error: TryAgain) -> None:
    """Record an outage of HubSpot: no attempt is spent until it has lasted 72 hours."""
    if isinstance(error, Throttled):
        record_throttled(items, error)
        return
    with lock_leased(items) as ours:
        in_time = Q(outages=0) | Q(waiting_since__gt=Now() - OUTAGE_PATIENCE)
        patient = set(queue_rows(ours).filter(in_time).values_list("pk", flat=True))
        for item in ours:
            if item.pk in patient:
                reschedule(
                    [item],
                    outage_seconds(item, error),
                    error.cause,
                    outages=F("outages") + 1,
                    waiting_since=Case(When(outages=0, then=Now()), default=F("waiting_since")),
                )
        assessments_of_items(ours).update(hubspot_sync_error=error.cause)
        waiting = [item for item in ours if item.pk in patient]
        add_to_history(waiting, AttemptOutcome.POSTPONED, error.cause, error.correlation_id)
        mark_failed([item for item in ours if item.pk not in patient], error.cause, error.correlation_id)


def record_throttled(items: Items, error: Throttled) -> None:
    """Record a throttle: no outage and no attempt spent, the rows wait until a slot is free."""
    chance = random.random()  # noqa: S311  # jitter, no secret
    with lock_leased(items) as ours:
        reschedule(ours, error.seconds + chance, error.cause)


def outage_seconds(item: SyncQueueItem, error: TryAgain) -> float:
    chance = random.random()  # noqa: S311  # jitter, no secret
    if error.retry_after is not None:
        return max(error.retry_after, 1.0) + chance
    return outage_delay(item.outages + 1, chance)


def record_failed_attempt(item: SyncQueueItem, cause: str, correlation: str = "") -> None:
    """Record a transient failure: one attempt is spent; after the last one the row needs a person.

    The next attempt starts from the first step: the record that the failed step needed may be gone.
    """
    failures = item.retry_count + 1
    with lock_leased([item]) as ours:
        if failures >= item.max_retries:
            mark_failed(ours, cause, correlation)
            return
        wait = retry_delay(failures, random.random())  # noqa: S311  # jitter, no secret
        spent = {"retry_count": failures, "retry_delay_seconds": round(wait)}
        reschedule(ours, wait, cause, outages=0, **spent, **STEPS_CLEARED)
        assessments_of_items(ours).update(
            hubspot_sync_attempts=F("hubspot_sync_attempts") + 1, hubspot_sync_error=cause
        )
        add_to_history(ours, AttemptOutcome.FAILED, cause, correlation)


def record_rejected(items: Items, cause: str, correlation: str = "") -> None:
    """Record leads that HubSpot rejects permanently: the rows need a person."""
    with lock_leased(items) as ours:
        mark_failed(ours, cause, correlation)


def record_misconfigured(items: Items, error: Misconfigured) -> None:
    """Record a misconfigured account: the rows wait a minute and no attempt is spent.

    If only the token of this worker is refused, they do not wait: the circuit holds this worker, and another
    one may have a valid token.
    """
    with lock_leased(items) as ours:
        reschedule(ours, stopped_seconds(error), error.cause, outages=0)
        add_to_history(ours, AttemptOutcome.STOPPED, error.cause, error.correlation_id)


def stopped_seconds(error: Misconfigured) -> float:
    return 0.0 if isinstance(error, NotAuthorised) else STOPPED_SECONDS


def reschedule(locked: Items, wait: float, cause: str, **changes: Any) -> None:
    queue_rows(locked).update(
        status=QueueStatus.WAITING,
        next_retry_at=Now() + timedelta(seconds=wait),
        last_error=cause,
        **changes,
        **LEASE_CLEARED,
    )


def mark_failed(locked: Items, cause: str, correlation: str = "") -> None:
    """Mark rows as failed, with their cause: they need a person."""
    queue_rows(locked).update(
        status=QueueStatus.FAILED,
        failure_cause=cause,
        last_error=cause,
        retry_count=F("retry_count") + 1,
        **LEASE_CLEARED,
    )
    assessments_of_items(locked).update(
        hubspot_sync_status=SyncStatus.FAILED,
        hubspot_sync_attempts=F("hubspot_sync_attempts") + 1,
        hubspot_sync_error=cause,
    )
    add_to_history(locked, AttemptOutcome.GIVEN_UP, cause, correlation)
    for item in locked:
        logger.error("Lead %s needs a person: HubSpot sync failed with %s", item.assessment_id, cause)
    if locked:
        transaction.on_commit(partial(alert, LEAD_FAILED, cause), robust=True)
