"""Undelivered leads, the delivery history of a lead, and the findings of the last reconciliation."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Now, NullIf
from django.utils.translation import gettext

from assessments.models import Assessment
from hubspot_sync.causes import explain
from hubspot_sync.models import Difference, QueueStatus, Reconciliation, SyncAttempt, SyncQueueItem
from web.databases.unchanging import Unchanging
from web.formatting import time_ago

HELD = Unchanging(lambda: Assessment.objects.held().values_list("pk"))


@dataclass(frozen=True, slots=True)
class UndeliveredGroup:
    """Undelivered rows of one state and cause; `oldest` is the age of the oldest."""

    state: str
    cause: str
    rows: int
    oldest: timedelta

    @property
    def failed(self) -> bool:
        return self.state == QueueStatus.FAILED

    @property
    def state_in_words(self) -> str:
        return str(QueueStatus(self.state).label)

    @property
    def happened(self) -> str:
        return explain(self.cause, gettext).happened if self.cause else ""

    @property
    def came(self) -> str:
        return time_ago(self.oldest)


def undelivered_by_cause() -> tuple[UndeliveredGroup, ...]:
    """The queue by state and cause, the largest group first. One query."""
    rows = (
        SyncQueueItem.objects.undelivered()
        .values(
            "status", why=Coalesce(NullIf("failure_cause", Value("")), "last_error", output_field=TextField())
        )
        .annotate(rows=Count("pk"), oldest=ExpressionWrapper(Now() - Min("created_at"), DurationField()))
        .order_by("-rows", "status", "why")
    )
    return tuple(UndeliveredGroup(row["status"], row["why"], row["rows"], row["oldest"]) for row in rows)


def longest_overdue() -> timedelta:
    """How long the oldest due row has been due; zero when none is. One query."""
    waited = ExpressionWrapper(Now() - F("next_retry_at"), DurationField())
    due = SyncQueueItem.objects.due().annotate(waited=waited).order_by("next_retry_at")
    return due.values_list("waited", flat=True).first() or timedelta()


def leads_held_back() -> int:
    """How many leads are not sent for want of a consent, as long as they have their address. One query."""
    return HELD.count()


def attempts_of(assessment_id: UUID) -> QuerySet[SyncAttempt]:
    """The outcomes of all deliveries of one lead, newest first."""
    return SyncAttempt.objects.filter(assessment=assessment_id).order_by("-created_at", "-pk")


def last_reconciliation() -> Reconciliation | None:
    """The latest finished run that was not a dry run, with its counts. One query."""
    return (
        Reconciliation.objects.with_counts()
        .filter(finished_at__isnull=False, dry_run=False)
        .order_by("-started_at")
        .first()
    )


def differences_to_decide() -> QuerySet[Difference]:
    """The differences of the last run that need a person's decision."""
    found = Difference.objects.filter(reconciliation=last_reconciliation(), put_right=False)
    return found.select_related("assessment").order_by("kind", "pk")
