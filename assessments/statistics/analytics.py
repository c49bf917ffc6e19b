"""Figures of the form: one query each, returned as small frozen values.

They read the counts of daily_figures, never the assessments, so neither scrub nor purge changes a figure.
Days and months are in UTC, by the start of an assessment.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections, router
from django.db.models import DateField, Min, QuerySet

from assessments.statistics.coarsening import retention_limit
from assessments.statistics.figure import (
    COUNT,
    SQL,
    TOTAL,
    DailyFigure,
    DailyFigureQuerySet,
    Figure,
    PeriodQuery,
)
from assessments.statistics.histograms import average, mean, percent, percentile
from assessments.statistics.periods import MergedDays, Period
from assessments.statistics.time_buckets import start_of_month
from web.databases.unchanging import Given

SECONDS_COUNTED = (60, 1800)  # seconds: a faster one is a click-through, a slower one had a break


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """The outcome of assessments started in one month, or in several months merged into one.

    Averages are None before anything is finished; times include only those of 1 to 30 minutes.
    """

    first: str  # 2026-11
    last: str  # the last month of merged ones, otherwise the same
    started: int
    ended: int  # finished or abandoned: the others are still open
    completed: int
    average_score: float | None
    average_seconds: float | None

    @property
    def rate(self) -> int:
        """Percent finished among those that ended."""
        return percent(self.completed, self.ended)


@dataclass(frozen=True, slots=True)
class CategoryScores:
    """Finished assessments of one category: their number and their total scores."""

    category: str
    count: int
    share: int  # percent of all finished ones in the period
    average_score: float
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class MarkedCount:
    """Assessments that count in no other figure, by the first of their marks (a signs.Sign)."""

    sign: str
    assessments: int


@dataclass(frozen=True, slots=True)
class CategoryTimes:
    """How long finished assessments of one category took, in seconds."""

    category: str
    count: int
    average: float
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """How one question was answered; includes unfinished assessments.

    `options`: of a choice, how often each was chosen, the most frequent first; of a matrix, row:option.
    `numbers`: of a number or rating, the histogram. Of typed answers there are neither.
    """

    question: str
    answered: int
    options: tuple[tuple[str, int], ...]
    numbers: tuple[tuple[int, int], ...] = ()


def months_of_figures(rows: DailyFigureQuerySet) -> QuerySet[DailyFigure, Any]:
    """(figure, last day, first day if days are merged, assessments, sum of their numbers).

    In parts, because the seconds are most of all rows, and an index has those of one figure day by day.
    """
    starts_and_scores = rows.filter(figure__in=(Figure.STARTED, Figure.SCORE))
    seconds = rows.filter(figure=Figure.SECONDS, number__range=SECONDS_COUNTED)
    left = rows.filter(figure=Figure.LEFT, day__gte=Given("recent", DateField()))
    first, *others = (
        each.values_list("figure", "day").annotate(first=Min("first_day"), count=COUNT, total=TOTAL)
        for each in (starts_and_scores, seconds, left)
    )
    return first.union(*others, all=True)


MONTHS = PeriodQuery(months_of_figures)
MERGED_DAYS = (SQL / "merged_days.sql").read_text()
SCORES = PeriodQuery(
    lambda rows: rows.filter(figure=Figure.SCORE).values_list("name", "number").annotate(count=COUNT)
)
SECONDS = PeriodQuery(
    lambda rows: (
        rows.filter(figure=Figure.SECONDS, number__range=SECONDS_COUNTED)
        .values_list("name", "number")
        .annotate(count=COUNT)
    )
)
MARKED = PeriodQuery(
    lambda rows: (
        rows.filter(figure=Figure.MARKED)
        .values_list("name")
        .annotate(count=COUNT)
        .filter(count__gt=0)
        .order_by("-count", "name")
    )
)
ANSWERS = PeriodQuery(
    lambda rows: (
        rows.filter(figure__in=(Figure.ANSWER, Figure.CHOSEN))
        .values_list("name", "figure", "part", "number")
        .annotate(count=COUNT)
        .filter(count__gt=0)
        .order_by("name", "-count", "part", "number")
    )
)


def merged_days() -> tuple[MergedDays, ...]:
    """The merged days of these figures, as `aligned_period` needs them. One query."""
    with connections[router.db_for_read(DailyFigure)].cursor() as cursor:
        cursor.execute(MERGED_DAYS)
        return tuple(MergedDays(*row) for row in cursor.fetchall())


def monthly_totals(period: Period) -> tuple[MonthTotals, ...]:
    """The months of a period that ends today, newest first, without those that have no start.

    Months in which any figure is merged are counted as one.
    """
    recent = retention_limit(period.last)  # an assessment started earlier has ended
    rows = [
        {
            "figure": figure,
            "first": start_of_month(first or last),
            "last": start_of_month(last),
            "count": count,
            "recent": count if last >= recent else 0,
            "total": total,
        }
        for figure, last, first, count, total in MONTHS.rows(period, recent=recent)
    ]
    found = []
    for first, last, own in group_by_overlap(rows):
        count, late, total = (sums_by_figure(own, key) for key in ("count", "recent", "total"))
        still_open = late[Figure.STARTED] - late[Figure.SCORE] - late[Figure.LEFT]
        if count[Figure.STARTED]:
            found.append(
                MonthTotals(
                    f"{first:%Y-%m}",
                    f"{last:%Y-%m}",
                    started=count[Figure.STARTED],
                    ended=count[Figure.STARTED] - max(0, still_open),
                    completed=count[Figure.SCORE],
                    average_score=average(count[Figure.SCORE], total[Figure.SCORE]),
                    average_seconds=average(count[Figure.SECONDS], total[Figure.SECONDS]),
                )
            )
    return tuple(reversed(found))


def sums_by_figure(rows: Iterable[dict[str, Any]], key: str) -> Counter[str]:
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row["figure"]] += row[key]
    return sums


def group_by_overlap(rows: Iterable[Any]) -> list[tuple[date, date, list[dict[str, Any]]]]:
    """Group rows whose months overlap: (first month, last month, rows), in order."""
    found: list[tuple[date, date, list[dict[str, Any]]]] = []
    for row in sorted(rows, key=lambda row: row["first"]):
        if found and row["first"] <= found[-1][1]:
            first, last, own = found.pop()
            found.append((first, max(last, row["last"]), [*own, row]))
        else:
            found.append((row["first"], row["last"], [row]))
    return found


def score_distribution(period: Period) -> tuple[CategoryScores, ...]:
    """Finished assessments by category, best first."""
    scores = histograms_by_name(SCORES.rows(period))
    whole = sum(histogram.total() for histogram in scores.values())
    rows = [
        CategoryScores(
            category,
            histogram.total(),
            percent(histogram.total(), whole),
            mean(histogram),
            min(histogram),
            max(histogram),
        )
        for category, histogram in scores.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.average_score, row.category)))


def marked_counts(period: Period) -> tuple[MarkedCount, ...]:
    """Assessments left out of all other figures, the most frequent mark first."""
    return tuple(MarkedCount(*row) for row in MARKED.rows(period))


def completion_times(period: Period) -> tuple[CategoryTimes, ...]:
    """Durations of finished assessments that took 1 to 30 minutes, by category, fastest first."""
    rows = [
        CategoryTimes(
            category,
            histogram.total(),
            mean(histogram),
            round(percentile(histogram, 0.5), 1),
            round(percentile(histogram, 0.95), 1),
        )
        for category, histogram in histograms_by_name(SECONDS.rows(period)).items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.average, row.category)))


def answer_counts(period: Period) -> tuple[AnswerCounts, ...]:
    """How each question was answered in finished or abandoned assessments."""
    answered: Counter[str] = Counter()
    options: dict[str, list[tuple[str, int]]] = defaultdict(list)
    numbers: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for question, figure, option, number, count in ANSWERS.rows(period):
        if figure == Figure.ANSWER:
            answered[question] += count
        if option:
            options[question].append((option, count))
        elif figure == Figure.CHOSEN:
            numbers[question].append((number, count))
    return tuple(
        AnswerCounts(question, count, tuple(options[question]), tuple(sorted(numbers[question])))
        for question, count in answered.items()
    )


def histograms_by_name(rows: Iterable[tuple[Any, ...]]) -> dict[str, Counter[int]]:
    """For each name, how often each number occurs, without empty ones, of rows (name, number, count)."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for name, number, count in rows:
        if count:
            found[name][number] = count
    return found
