"""Writing down what became of a claimed row, by its lease token: a worker that lost its lease writes nothing.

Whoever changes a lead locks the assessment first and its queue row second; so does every function here.
"""

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from hubspot_sync.backoff import delay, outage_delay
from hubspot_sync.errors import TryAgain
from hubspot_sync.models import MAX_CLAIMS, QueueStatus, SyncQueueItem

GIVE_UP_AFTER = timedelta(hours=72)  # of outage; then a person must look: product.md, "backoff"
LET_GO: dict[str, Any] = {"lease_token": None, "lease_until": None, "claims": 0}

logger = logging.getLogger(__name__)


def held(item: SyncQueueItem) -> QuerySet[SyncQueueItem]:
    """The row, while the lease is ours."""
    return SyncQueueItem.objects.filter(pk=item.pk, lease_token=item.lease_token)


@contextmanager
def lead_locked(item: SyncQueueItem) -> Iterator[QuerySet[Assessment]]:
    with transaction.atomic():
        lead = Assessment.objects.filter(pk=item.assessment_id)
        lead.select_for_update().values_list("pk").first()
        yield lead


def note_step(item: SyncQueueItem, **ids: str) -> bool:
    """Make one step durable (`hubspot_contact_id`, `hubspot_deal_id`); False when the lease was lost."""
    for name, value in ids.items():
        setattr(item, name, value)
    return bool(held(item).update(**ids))


def delivered(item: SyncQueueItem) -> None:
    """The lead is in HubSpot. If it changed on the way, it goes round once more."""
    with lead_locked(item) as lead:
        done = (
            held(item)
            .filter(revision=item.revision)
            .update(status=QueueStatus.DONE, completed_at=Now(), last_error="", outages=0, **LET_GO)
        )
        if done:
            lead.update(
                hubspot_sync_status=SyncStatus.SYNCED,
                hubspot_sync_attempts=F("hubspot_sync_attempts") + 1,
                hubspot_contact_id=item.hubspot_contact_id,
                hubspot_deal_id=item.hubspot_deal_id,
                hubspot_sync_error=None,
                hubspot_synced_at=Now(),
            )
        else:
            send_round(item)


def send_round(item: SyncQueueItem) -> None:
    """Back to the start of the queue: a newer revision waits in this row."""
    held(item).update(
        status=QueueStatus.WAITING,
        next_retry_at=Now(),
        hubspot_contact_id=None,
        hubspot_deal_id=None,
        **LET_GO,
    )


def nothing_to_send(item: SyncQueueItem) -> None:
    """The lead is gone or scrubbed: never bring it back."""
    if (
        not held(item)
        .filter(revision=item.revision)
        .update(status=QueueStatus.CANCELLED, completed_at=Now(), **LET_GO)
    ):
        send_round(item)


def postponed(item: SyncQueueItem, error: TryAgain) -> None:
    """HubSpot cannot answer: no fault of the row and no attempt spent, until it has waited 72 hours."""
    wait = outage_delay(item.outages + 1, random.random())  # noqa: S311  # jitter, no secret
    if error.retry_after is not None:
        wait = max(error.retry_after, 1.0) + random.random()  # noqa: S311
    with lead_locked(item) as lead:
        waits = held(item).filter(waiting_since__gt=Now() - GIVE_UP_AFTER)
        if wait_again(waits, wait, error.cause, outages=F("outages") + 1):
            lead.update(hubspot_sync_error=error.cause)
        elif give_up(item, error.cause, lead):
            logger.error("Lead %s: HubSpot did not answer for 72 hours", item.assessment_id)


def attempt_failed(item: SyncQueueItem, cause: str) -> None:
    """This row failed in a way that may pass: an attempt is spent; after the last one a person must look."""
    failures = item.retry_count + 1
    wait = delay(failures, random.random())  # noqa: S311
    with lead_locked(item) as lead:
        waits = held(item).filter(max_retries__gt=failures)
        if wait_again(waits, wait, cause, retry_count=failures, retry_delay_seconds=round(wait)):
            lead.update(hubspot_sync_attempts=F("hubspot_sync_attempts") + 1, hubspot_sync_error=cause)
        else:
            give_up(item, cause, lead)


def refused(item: SyncQueueItem, cause: str) -> None:
    """HubSpot will never take this lead as it is: a person must look."""
    with lead_locked(item) as lead:
        give_up(item, cause, lead)


def stopped(items: list[SyncQueueItem], cause: str) -> None:
    """The account is misconfigured: everything waits a minute, nothing is spent."""
    for item in items:
        wait_again(held(item), 60.0, cause)


def wait_again(row: QuerySet[SyncQueueItem], wait: float, cause: str, **changes: Any) -> bool:
    return bool(
        row.update(
            status=QueueStatus.WAITING,
            next_retry_at=Now() + timedelta(seconds=wait),
            last_error=cause,
            **changes,
            **LET_GO,
        )
    )


def give_up(item: SyncQueueItem, cause: str, lead: QuerySet[Assessment]) -> bool:
    """Mark the row for a person, with its cause; False when the lease was lost. A newer revision goes on."""
    failed = (
        held(item)
        .filter(revision=item.revision)
        .update(
            status=QueueStatus.FAILED,
            failure_cause=cause,
            last_error=cause,
            retry_count=item.retry_count + 1,
            **LET_GO,
        )
    )
    if not failed:
        send_round(item)
        return False
    lead.update(
        hubspot_sync_status=SyncStatus.FAILED,
        hubspot_sync_attempts=F("hubspot_sync_attempts") + 1,
        hubspot_sync_error=cause,
    )
    logger.error("Lead %s needs a person: HubSpot sync failed with %s", item.assessment_id, cause)
    return True


def quarantine() -> int:
    """Take rows out of the line that were claimed again and again without an outcome; how many.

    Whoever takes such a row dies with it; a person must look, the others go on.
    """
    with transaction.atomic():
        deadly = SyncQueueItem.objects.due().filter(claims__gte=MAX_CLAIMS)
        leads = list(deadly.values_list("assessment_id", flat=True))
        list(Assessment.objects.filter(pk__in=leads).order_by("pk").select_for_update().values_list("pk"))
        found = deadly.update(
            status=QueueStatus.FAILED, failure_cause="worker_died", last_error="worker_died", **LET_GO
        )
        Assessment.objects.filter(pk__in=leads).update(
            hubspot_sync_status=SyncStatus.FAILED, hubspot_sync_error="worker_died"
        )
    if found:
        logger.error("%d leads need a person: whoever delivers them dies", found)
    return found
