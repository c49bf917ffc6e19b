"""Enqueue leads: the receivers of `lead_changed` and `lead_finishes`, resending, and the wake-up of a worker.

First attempts, changes and resends all go through one statement, so there is a single path.
"""

import json
from pathlib import Path
from typing import Any

from constance import config
from django.db import transaction

from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from assessments.models.signs import Sign
from assessments.signals import Insert
from hubspot_sync.models import SyncType
from queues import wakeup
from web.databases.statements import Statement

ENQUEUE_SQL = Path(__file__).parents[1] / "sql/enqueue.sql"
ENQUEUE = Statement(ENQUEUE_SQL, only_if="")
ENQUEUE_WITH_RESULT = Statement(ENQUEUE_SQL, only_if="WHERE EXISTS (SELECT FROM unchanged)")


def enqueue(assessment: Assessment) -> None:
    """Queue this lead in one statement; its values are read when sent. A worker wakes up after commit."""
    insert_or_restart(assessment)
    transaction.on_commit(wake_worker, robust=True)


def insert_or_restart(assessment: Assessment) -> None:
    ENQUEUE.first(**queue_values(assessment))


def queue_values(assessment: Assessment) -> dict[str, Any]:
    """The parameters of enqueue.sql."""
    is_qualified = assessment.qualified_for_briefing
    reason = {"lead_quality": assessment.lead_quality, "total_score": assessment.total_score}
    return {
        "lead": assessment.pk,
        "sync_type": SyncType.CONTACT_AND_DEAL if is_qualified else SyncType.CONTACT,
        "payload": json.dumps(reason),
        "max_retries": config.HUBSPOT_MAX_RETRIES,
    }


def resend(*leads: Assessment) -> None:
    """Queue leads again in any state, with a fresh retry budget. All or none, and one wake-up."""
    with transaction.atomic():
        Assessment.objects.filter(pk__in=[lead.pk for lead in leads]).update(
            hubspot_sync_status=SyncStatus.PENDING, hubspot_sync_error=None
        )
        for lead in leads:
            insert_or_restart(lead)
        transaction.on_commit(wake_worker, robust=True)


def wake_worker() -> None:
    """Wake up a worker to deliver what is due."""
    wakeup.wake_up("hubspot_sync.tasks.deliver_due")


def queue_with_result(sender: type[Assessment], assessment: Assessment, **kwargs: Any) -> Insert | None:
    """Receiver of `assessments.signals.lead_finishes`."""
    return Insert(ENQUEUE_WITH_RESULT.sql, queue_values(assessment)) if is_for_hubspot(assessment) else None


def enqueue_lead(
    sender: type[Assessment], assessment: Assessment, *, is_queued: bool = False, **kwargs: Any
) -> None:
    """Receiver of `assessments.signals.lead_changed`; `is_queued`: the row came with the result."""
    if not is_for_hubspot(assessment):
        return
    if is_queued:
        transaction.on_commit(wake_worker, robust=True)
    else:
        enqueue(assessment)


def is_for_hubspot(assessment: Assessment) -> bool:
    """HubSpot hears nothing of tests."""
    return Sign.TEST not in assessment.doubts
