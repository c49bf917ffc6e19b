"""The figures of seed 000's sample queries: one query each, small frozen values out.

Whoever left an address is counted by `lead_quality`, which the scrub keeps, never by the address itself:
no figure changes when the person goes. `now` is read once by the caller; periods are in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Aggregate, Avg, Count, FloatField, Max, Min, Q
from django.db.models.functions import TruncMonth

from assessments.models import Assessment
from assessments.models.assessment import LeadQuality

DISTRIBUTION_DAYS = 90
FUNNEL_DAYS = 30
TIMES_DAYS = 30
SECONDS_COUNTED = (60, 1800)  # faster is a click-through, slower a lunch break: seed 000, "Filter outliers"


class Percentile(Aggregate):
    """PERCENTILE_CONT: the interpolated value below which `fraction` of the rows lie."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: str, *, fraction: float) -> None:
        super().__init__(expression, fraction=fraction)


@dataclass(frozen=True, slots=True)
class Month:
    """Runs started in one month, and what became of them. Averages are None before anything is finished."""

    month: str  # 2026-11
    started: int
    completed: int
    average_score: float | None
    average_seconds: float | None

    @property
    def rate(self) -> int:
        """Percent completed."""
        return percent(self.completed, self.started)


@dataclass(frozen=True, slots=True)
class CategoryScores:
    """Finished runs of one category: how many, and their total scores."""

    category: str
    count: int
    share: int  # percent of all finished runs of the period
    average_score: float
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class QualityStep:
    """Finished runs of one lead quality ('' for those without an address)."""

    quality: str
    runs: int
    with_email: int
    briefing: int
    average_score: float


@dataclass(frozen=True, slots=True)
class CategoryTimes:
    """How long finished runs of one category took, in seconds."""

    category: str
    count: int
    average: float
    median: float
    p95: float


def monthly(now: datetime) -> tuple[Month, ...]:
    """Starts and completions of this month and the eleven before it, newest first; empty months left out."""
    rows = (
        Assessment.objects.filter(created_at__gte=months_back(now, 11))
        .values(month=TruncMonth("created_at", tzinfo=UTC))
        .annotate(
            started=Count("pk"),
            completed=Count("completed_at"),
            average_score=Avg("total_score"),
            average_seconds=Avg("completion_time_seconds"),
        )
        .order_by("-month")
    )
    return tuple(
        Month(
            f"{row['month']:%Y-%m}",
            row["started"],
            row["completed"],
            rounded(row["average_score"]),
            rounded(row["average_seconds"]),
        )
        for row in rows
    )


def score_distribution(now: datetime) -> tuple[CategoryScores, ...]:
    """Finished runs that started in the last 90 days, by category, best first."""
    rows = list(
        Assessment.objects.completed()
        .filter(created_at__gte=now - timedelta(days=DISTRIBUTION_DAYS))
        .values("score_category")
        .annotate(
            count=Count("pk"),
            average=Avg("total_score"),
            lowest=Min("total_score"),
            highest=Max("total_score"),
        )
        .order_by("-average", "score_category")
    )
    whole = sum(row["count"] for row in rows)
    return tuple(
        CategoryScores(
            row["score_category"] or "",
            row["count"],
            percent(row["count"], whole),
            round(row["average"], 1),
            row["lowest"],
            row["highest"],
        )
        for row in rows
    )


def lead_funnel(now: datetime) -> tuple[QualityStep, ...]:
    """Finished runs that started in the last 30 days, by lead quality, hottest first."""
    rows = (
        Assessment.objects.completed()
        .filter(created_at__gte=now - timedelta(days=FUNNEL_DAYS))
        .values("lead_quality")
        .annotate(
            runs=Count("pk"),
            with_email=Count("lead_quality"),
            briefing=Count("pk", filter=Q(qualified_for_briefing=True)),
            average=Avg("total_score"),
        )
    )
    found = {
        row["lead_quality"] or "": QualityStep(
            row["lead_quality"] or "",
            row["runs"],
            row["with_email"],
            row["briefing"],
            round(row["average"], 1),
        )
        for row in rows
    }
    order = (*reversed(LeadQuality.values), "")
    return tuple(found[quality] for quality in order if quality in found)


def completion_times(now: datetime) -> tuple[CategoryTimes, ...]:
    """Runs of 1 to 30 minutes that started in the last 30 days, by category, fastest first."""
    rows = (
        Assessment.objects.completed()
        .filter(
            created_at__gte=now - timedelta(days=TIMES_DAYS), completion_time_seconds__range=SECONDS_COUNTED
        )
        .values("score_category")
        .annotate(
            count=Count("pk"),
            average=Avg("completion_time_seconds"),
            median=Percentile("completion_time_seconds", fraction=0.5),
            p95=Percentile("completion_time_seconds", fraction=0.95),
        )
        .order_by("average", "score_category")
    )
    return tuple(
        CategoryTimes(
            row["score_category"] or "",
            row["count"],
            round(row["average"], 1),
            round(row["median"], 1),
            round(row["p95"], 1),
        )
        for row in rows
    )


def months_back(now: datetime, months: int) -> datetime:
    """The first instant, in UTC, of the month that lies so many months before this one."""
    years, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return datetime(years, month + 1, 1, tzinfo=UTC)


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 1)
