"""The purge: whole assessments past an age that an admin names, with everything that hangs on them.

What they were counted for stays: it is in daily_figures, which no purge touches.
"""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from assessments.models import Assessment, AssessmentSession, Response
from audit.models import SystemLog
from hubspot_sync.models import SyncQueueItem
from privacy.pace import Pace
from privacy.retention import Progress, unseen


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted: how many of each."""

    assessments: int
    sessions: int
    responses: int
    queue_items: int


LABELS = {
    "assessments": Assessment._meta.label,
    "sessions": AssessmentSession._meta.label,
    "responses": Response._meta.label,
    "queue_items": SyncQueueItem._meta.label,
}


def old_assessments(older_than_days: int, *, include_undelivered: bool) -> QuerySet[Assessment]:
    """Assessments started longer ago; without those still on their way to HubSpot, unless told."""
    old = Assessment.objects.filter(created_at__lt=Now() - timedelta(days=older_than_days))
    if include_undelivered:
        return old
    return old.exclude(Exists(SyncQueueItem.objects.undelivered().filter(assessment=OuterRef("pk"))))


def count_old(older_than_days: int, *, include_undelivered: bool) -> Purged:
    """What a purge would delete now."""
    old = old_assessments(older_than_days, include_undelivered=include_undelivered)
    return Purged(
        assessments=old.count(),
        sessions=AssessmentSession.objects.filter(assessment__in=old).count(),
        responses=Response.objects.filter(assessment__in=old).count(),
        queue_items=SyncQueueItem.objects.filter(assessment__in=old).count(),
    )


def purge(older_than_days: int, *, include_undelivered: bool = False, progress: Progress = unseen) -> Purged:
    """Delete what is old, the oldest first, in transactions so short that nobody waits 250 ms for one.

    Each writes down what is deleted so far, so the record is true wherever a run is cut off. The next run
    goes on from there, and two at once skip each other's rows.
    """
    message = f"Assessments older than {older_than_days} days were purged"
    record = SystemLog.objects.record("purge", message, **in_words(Counter()))
    left = old_assessments(older_than_days, include_undelivered=include_undelivered).order_by("created_at")
    counts: Counter[str] = Counter()
    pace = Pace()
    while True:
        begun = time.monotonic()
        with transaction.atomic():
            batch = list(
                left.only("session_id", "created_at").select_for_update(skip_locked=True)[: pace.size]
            )
            deleted = delete(batch, include_undelivered=include_undelivered)
            counts.update(deleted)
            SystemLog.objects.filter(pk=record.pk).update(data=in_words(counts))
        if not batch:
            return Purged(**{name: counts[name] for name in LABELS})
        pace.took(time.monotonic() - begun)
        progress(deleted["assessments"])
        # Where this batch ended: the index need not be read past all that is already dead.
        left = left.filter(created_at__gte=batch[-1].created_at)


def delete(locked: list[Assessment], *, include_undelivered: bool) -> Counter[str]:
    """Delete these assessments and whatever refers to them; how many rows of which name.

    Nobody can queue them any more. One that was queued while it was being locked stays.
    """
    keys = {run.pk for run in locked}
    if not include_undelivered:
        queued = SyncQueueItem.objects.undelivered().filter(assessment__in=keys)
        keys -= set(queued.values_list("assessment", flat=True))
    found = Assessment.objects.filter(pk__in=keys).only("session_id")
    _, rows = found.delete()
    return Counter({name: rows.get(label, 0) for name, label in LABELS.items()})


def in_words(counts: Counter[str]) -> dict[str, int]:
    return {f"deleted_{name}": counts[name] for name in LABELS}
