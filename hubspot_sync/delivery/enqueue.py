"""Enqueue leads: the receiver of `lead_changed`, resending, and the wake-up of a worker.

First attempts, changes and resends all go through `enqueue`, so there is a single path.
"""

import json
from pathlib import Path
from typing import Any

from constance import config
from django.db import transaction

from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from assessments.models.signs import Sign
from hubspot_sync.models import SyncType
from queues import wakeup
from web.databases.statements import Statement

ENQUEUE = Statement(Path(__file__).parents[1] / "sql/enqueue.sql")


def enqueue(assessment: Assessment) -> None:
    """Queue this lead in one statement; its values are read when sent. A worker wakes up after commit."""
    insert_or_restart(assessment)
    transaction.on_commit(wake_worker, robust=True)


def insert_or_restart(assessment: Assessment) -> None:
    sync_type = SyncType.CONTACT_AND_DEAL if assessment.qualified_for_briefing else SyncType.CONTACT
    reason = {"lead_quality": assessment.lead_quality, "total_score": assessment.total_score}
    ENQUEUE.first(
        assessment=assessment.pk,
        sync_type=sync_type,
        payload=json.dumps(reason),
        max_retries=config.HUBSPOT_MAX_RETRIES,
    )


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


def enqueue_lead(sender: type[Assessment], assessment: Assessment, **kwargs: Any) -> None:
    """Receiver of `assessments.signals.lead_changed`. HubSpot hears nothing of tests."""
    if Sign.TEST not in assessment.doubts:
        enqueue(assessment)
