"""Delivery figures for the dashboard: one query each.

Days come from the counts of daily_figures, which neither scrub nor purge changes; the queue is the current
one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, DateField, Max, Min, Q

from assessments.models import DailyFigure
from assessments.models.assessment import SyncStatus
from assessments.statistics.figure import COUNT, Figure, count_of
from assessments.statistics.periods import last_days
from hubspot_sync.models import QueueStatus, SyncQueueItem
from web.databases.unchanging import Given, Unchanging

DAYS = 7


@dataclass(frozen=True, slots=True)
class SyncDay:
    """Leads whose assessments started on one day, by the state of their delivery; marked ones left out."""

    day: str  # 2026-11-20
    leads: int
    synced: int
    failed: int
    unfinished: int  # of `leads`: delivered, or failed, without being finished
    held: int = 0  # for want of a consent
    settled: int = 0  # by a person, without delivery

    @property
    def waiting(self) -> int:
        return self.leads - self.synced - self.failed - self.held - self.settled

    @property
    def rate(self) -> int:
        """Percent delivered."""
        return round(100 * self.synced / self.leads) if self.leads else 0


@dataclass(frozen=True, slots=True)
class QueueLine:
    """Waiting or leased rows of one sync type: none needs a person."""

    sync_type: str
    waiting: int
    next_try: str | None  # ISO 8601, None while all of them are leased
    most_failures: int


@dataclass(frozen=True, slots=True)
class FailedCause:
    """Failed rows by cause: they need a person."""

    cause: str
    rows: int
    oldest: str  # ISO 8601


SYNC_BY_DAY = Unchanging(
    lambda: (
        DailyFigure.objects.filter(figure=Figure.SYNC, day__gte=Given("first", DateField()))
        .values_list("day")
        .annotate(
            leads=COUNT,
            synced=count_of(Q(name=SyncStatus.SYNCED)),
            failed=count_of(Q(name=SyncStatus.FAILED)),
            unfinished=count_of(Q(part="unfinished")),
            held=count_of(Q(name=SyncStatus.HELD)),
            settled=count_of(Q(name=SyncStatus.SETTLED)),
        )
        .filter(leads__gt=0)
        .order_by("-day")
    )
)
QUEUE_BY_TYPE = Unchanging(
    lambda: (
        SyncQueueItem.objects.filter(status__in=[QueueStatus.WAITING, QueueStatus.LEASED])
        .values_list("sync_type")
        .annotate(
            waiting=Count("pk"),
            next_try=Min("next_retry_at", filter=Q(status=QueueStatus.WAITING)),
            most_failures=Max("retry_count"),
        )
        .order_by("sync_type")
    )
)


def sync_by_day(now: datetime) -> tuple[SyncDay, ...]:
    """The last seven days, newest first, without days that have no lead."""
    rows = SYNC_BY_DAY.rows(first=last_days(now, DAYS).first)
    return tuple(SyncDay(f"{day:%Y-%m-%d}", *counts) for day, *counts in rows)


def queue_by_type() -> tuple[QueueLine, ...]:
    """Waiting and leased rows, by sync type."""
    return tuple(
        QueueLine(sync_type, waiting, next_try and next_try.isoformat(), most_failures)
        for sync_type, waiting, next_try, most_failures in QUEUE_BY_TYPE.rows()
    )


def failed_by_cause() -> tuple[FailedCause, ...]:
    """Permanently failed rows by cause, the most frequent first."""
    rows = (
        SyncQueueItem.objects.need_a_person()
        .values("failure_cause")
        .annotate(rows=Count("pk"), oldest=Min("created_at"))
        .order_by("-rows", "failure_cause")
    )
    return tuple(FailedCause(row["failure_cause"], row["rows"], row["oldest"].isoformat()) for row in rows)


def delivery_figures(now: datetime) -> dict[str, tuple[Any, ...]]:
    """The rows of each figure of the delivery by its name."""
    return {
        "sync_by_day": sync_by_day(now),
        "queue_by_type": queue_by_type(),
        "need_a_person": failed_by_cause(),
    }
