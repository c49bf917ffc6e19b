"""Rows that no worker holds: resume them after an outage, and fail those in a crash loop."""

from datetime import timedelta

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, Value
from django.db.models.functions import Now, Random

from hubspot_sync.delivery.recording import lock_assessments, mark_failed
from hubspot_sync.models import QueueStatus, SyncQueueItem

RESUME_WITHIN = timedelta(minutes=5)  # after an outage; a thousand leads are ten calls per step
CHUNK = 1000


def reschedule_after_outage() -> int:
    """Spread rows that waited for an outage over the next minutes; returns how many.

    Works in chunks and skips locked rows, so that no other transaction waits for it.
    """
    soon = ExpressionWrapper(Now() + Random() * Value(RESUME_WITHIN), output_field=DateTimeField())
    late = SyncQueueItem.objects.filter(
        status=QueueStatus.WAITING, outages__gt=0, next_retry_at__gt=Now() + RESUME_WITHIN
    )
    brought = 0
    while True:
        with transaction.atomic():
            portion = late.select_for_update(skip_locked=True).values_list("pk", flat=True)[:CHUNK]
            count = SyncQueueItem.objects.filter(pk__in=list(portion)).update(next_retry_at=soon)
        if not count:
            return brought
        brought += count


def fail_crash_looping() -> int:
    """Fail rows in a crash loop (claimed repeatedly without an outcome); returns how many."""
    suspects = list(SyncQueueItem.objects.crash_looping())
    if not suspects:
        return 0
    with transaction.atomic():
        lock_assessments(suspects)
        found = [item.pk for item in suspects]
        looping = list(
            SyncQueueItem.objects.crash_looping().filter(pk__in=found).order_by("pk").select_for_update()
        )
        mark_failed(looping, "worker_died")
    return len(looping)
