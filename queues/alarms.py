"""Rate-limited alarms: the first worker that notices records the alarm, others stay quiet for a while."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now

from audit.models import SystemLog


def first_within(quiet: timedelta, event: str, message: str, *, cause: str, **counts: int) -> bool:
    """Record an alarm unless recorded within `quiet`; True for exactly one of several concurrent workers."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{event} {cause}"])
        told = SystemLog.objects.filter(event_type=event, data__cause=cause, created_at__gt=Now() - quiet)
        if told.exists():
            return False
        SystemLog.objects.record(event, message, cause=cause, **counts)
        return True


def forget_last(event: str, cause: str) -> None:
    """Delete the last record of this alarm: what it tells of has failed, and may be tried again at once."""
    told = SystemLog.objects.filter(event_type=event, data__cause=cause).order_by("-created_at").values("pk")
    SystemLog.objects.filter(pk__in=told[:1]).delete()
