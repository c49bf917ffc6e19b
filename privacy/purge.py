"""The purge: whole assessments past an age that an admin names, with everything that hangs on them."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from assessments.models import Assessment, AssessmentSession, Response
from audit.models import SystemLog
from hubspot_sync.models import SyncQueueItem
from privacy.retention import Progress, unseen

BATCH = 500  # assessments to a transaction


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted: how many of each."""

    assessments: int
    sessions: int
    responses: int
    queue_items: int


def old_assessments(older_than_days: int, *, open_deliveries: bool) -> QuerySet[Assessment]:
    """Assessments started longer ago; without those still on their way to HubSpot, unless told."""
    old = Assessment.objects.filter(created_at__lt=Now() - timedelta(days=older_than_days))
    if open_deliveries:
        return old
    return old.exclude(pk__in=SyncQueueItem.objects.undelivered().values("assessment"))


def count_old(older_than_days: int, *, open_deliveries: bool) -> Purged:
    """What a purge would delete now."""
    old = old_assessments(older_than_days, open_deliveries=open_deliveries)
    return Purged(
        assessments=old.count(),
        sessions=AssessmentSession.objects.filter(assessment__in=old).count(),
        responses=Response.objects.filter(assessment__in=old).count(),
        queue_items=SyncQueueItem.objects.filter(assessment__in=old).count(),
    )


def purge(older_than_days: int, *, open_deliveries: bool = False, progress: Progress = unseen) -> Purged:
    """Delete what is old, in short transactions, and write down the counts."""
    counts: Counter[str] = Counter()
    while batch := purge_batch(older_than_days, open_deliveries=open_deliveries):
        counts.update(batch)
        progress(batch["assessments"])
    purged = Purged(**{name: counts[name] for name in Purged.__slots__})
    SystemLog.objects.record(
        "purge",
        f"Assessments older than {older_than_days} days were purged",
        **{f"deleted_{name}": counts[name] for name in Purged.__slots__},
    )
    return purged


def purge_batch(older_than_days: int, *, open_deliveries: bool) -> Counter[str]:
    with transaction.atomic():
        old = old_assessments(older_than_days, open_deliveries=open_deliveries)
        found = old.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)
        batch = list(found[:BATCH])
        deleted = Counter(
            queue_items=SyncQueueItem.objects.filter(assessment__in=batch).delete()[0],
            responses=Response.objects.filter(assessment__in=batch).delete()[0],
            sessions=AssessmentSession.objects.filter(assessment__pk__in=batch).delete()[0],
        )
        deleted["assessments"] = Assessment.objects.filter(pk__in=batch).delete()[0]
    return +deleted
