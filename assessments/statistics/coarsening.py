"""The hourly coarsening of daily figures: fewer rows, and k-anonymity for assessments past their retention.

Days before the retention limit are merged into time buckets with k-anonymity, kind by kind, and origins too
rare to be shown lose their names: a link made for one person would otherwise identify that person for ever.
Safe to interrupt and to run concurrently: the next job completes the work.
"""

from datetime import UTC, date, datetime

from django.db import connection
from django.db.models import Sum

from assessments.retention import retention_period
from assessments.statistics.figure import (
    FIRST_DAY,
    K_ANONYMITY,
    ORIGINS,
    OTHER,
    SQL,
    STARTED,
    DailyFigure,
    Figure,
)
from assessments.statistics.kinds import CellCount, Merge, pending_merges

FOLD_RARE_ORIGINS = (SQL / "fold_rare_origins.sql").read_text()


def coarsen(now: datetime) -> None:
    """Coarsen the stored figures. `now` is aware."""
    before = retention_limit(now.astimezone(UTC).date())
    fold_rare_origins(before)
    for merge in pending_merges(cells_before(before), before=before, k=K_ANONYMITY):
        apply_merge(merge)
    DailyFigure.objects.sum_up()


def retention_limit(today: date) -> date:
    """The first day, in UTC, whose figures are still stored by day."""
    return today - retention_period()


def fold_rare_origins(before: date) -> int:
    """Drop the names of rare origins of assessments started before that day; returns the rows changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            FOLD_RARE_ORIGINS,
            {
                "before": before,
                "origins": list(ORIGINS),
                "other": OTHER,
                "started": STARTED,
                "k": K_ANONYMITY,
            },
        )
        changed: int = cursor.rowcount
    return changed


def cells_before(day: date) -> list[CellCount]:
    """The cells of all days before that one. One query."""
    rows = DailyFigure.objects.filter(day__lt=day).values_list(FIRST_DAY, "day", "figure", "name", "part")
    return [
        CellCount(first, last, Figure(figure), name, part, count)
        for first, last, figure, name, part, count in rows.annotate(count=Sum("assessments"))
    ]


def apply_merge(merge: Merge) -> None:
    """Merge the days of one kind in at most two statements. Idempotent."""
    rows = DailyFigure.objects.filter(figure__in=merge.kind.figures)
    if merge.kind.name:
        rows = rows.filter(name=merge.kind.name)
    rows.merge_days(merge.first, merge.last)
    if merge.fold:
        rows.filter(day=merge.last, name__in=merge.fold).update(name=OTHER, summed=False)
