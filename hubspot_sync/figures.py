"""How well leads reach HubSpot: seed 000's monitoring queries, one query each, small frozen values out.

A lead that should be sent is one with a lead quality, which the scrub keeps; its address it does not.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncDay

from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from hubspot_sync.models import QueueStatus, SyncQueueItem

DAYS = 7


@dataclass(frozen=True, slots=True)
class SyncDay:
    """Leads whose runs started on one day, and what became of their delivery."""

    day: str  # 2026-11-20
    leads: int
    synced: int
    failed: int

    @property
    def waiting(self) -> int:
        return self.leads - self.synced - self.failed

    @property
    def rate(self) -> int:
        """Percent delivered."""
        return round(100 * self.synced / self.leads) if self.leads else 0


@dataclass(frozen=True, slots=True)
class QueueLine:
    """Rows of one sync type that go on by themselves."""

    sync_type: str
    waiting: int
    next_try: str | None  # ISO 8601, None while all of them are on their way
    most_failures: int


@dataclass(frozen=True, slots=True)
class FailedCause:
    """Rows that wait for a person, by cause."""

    cause: str
    rows: int
    oldest: str  # ISO 8601


def sync_by_day(now: datetime) -> tuple[SyncDay, ...]:
    """The last seven days, newest first; days without a lead left out."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        Assessment.objects.leads()
        .filter(created_at__gte=today - timedelta(days=DAYS - 1))
        .values(day=TruncDay("created_at", tzinfo=UTC))
        .annotate(
            leads=Count("pk"),
            synced=Count("pk", filter=Q(hubspot_sync_status=SyncStatus.SYNCED)),
            failed=Count("pk", filter=Q(hubspot_sync_status=SyncStatus.FAILED)),
        )
        .order_by("-day")
    )
    return tuple(
        SyncDay(f"{row['day']:%Y-%m-%d}", row["leads"], row["synced"], row["failed"]) for row in rows
    )


def queue_by_type() -> tuple[QueueLine, ...]:
    """What waits or is on its way, by sync type."""
    rows = (
        SyncQueueItem.objects.filter(status__in=[QueueStatus.WAITING, QueueStatus.LEASED])
        .values("sync_type")
        .annotate(
            waiting=Count("pk"),
            next_try=Min("next_retry_at", filter=Q(status=QueueStatus.WAITING)),
            most_failures=Max("retry_count"),
        )
        .order_by("sync_type")
    )
    return tuple(
        QueueLine(
            row["sync_type"],
            row["waiting"],
            row["next_try"].isoformat() if row["next_try"] else None,
            row["most_failures"],
        )
        for row in rows
    )


def need_a_person() -> tuple[FailedCause, ...]:
    """What failed for good, by cause, the commonest first."""
    rows = (
        SyncQueueItem.objects.need_a_person()
        .values("failure_cause")
        .annotate(rows=Count("pk"), oldest=Min("created_at"))
        .order_by("-rows", "failure_cause")
    )
    return tuple(FailedCause(row["failure_cause"], row["rows"], row["oldest"].isoformat()) for row in rows)
