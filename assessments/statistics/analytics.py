"""How the form does: one query each, small frozen values out.

They read the counts of daily_figures, never the runs: no figure changes when a person is scrubbed or a run
is purged. `now` is read once by the caller; days and months are those of UTC on which runs were started.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from constance import config
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from assessments.qualification import LeadQuality
from assessments.statistics.figure import ENOUGH, ORIGINS, OTHER, STARTED, UNKNOWN, DailyFigure, Figure
from assessments.statistics.small_cells import Group, told_apart

DISTRIBUTION_DAYS = 90
FUNNEL_DAYS = 30
TIMES_DAYS = 30
ORIGIN_DAYS = 90
ANSWERS_DAYS = 90
SECONDS_COUNTED = (60, 1800)  # faster is a click-through, slower a lunch break


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


@dataclass(frozen=True, slots=True)
class Origins:
    """Runs by one thing that tells where they came from: a referrer, a campaign, a variant."""

    figure: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """How one question was answered: runs by option, the commonest first; unfinished runs count as well."""

    question: str
    answered: int
    options: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class LastStep:
    """Runs that ended unfinished, by the last step that was saved; 0 for those without any."""

    step: int
    runs: int


def monthly(now: datetime) -> tuple[Month, ...]:
    """Starts and completions of this month and the eleven before it, newest first; empty months left out."""
    rows = (
        of(Figure.STARTED, Figure.SCORE, Figure.SECONDS, since=months_back(now, 11).date())
        .values("figure", month=TruncMonth("day"))
        .annotate(count=Sum("runs"), total=Sum(F("runs") * F("number")))
    )
    months: dict[date, dict[str, tuple[int, int]]] = defaultdict(lambda: defaultdict(lambda: (0, 0)))
    for row in rows:
        months[row["month"]][row["figure"]] = row["count"], row["total"]
    return tuple(
        Month(
            f"{month:%Y-%m}",
            found[Figure.STARTED][0],
            found[Figure.SCORE][0],
            average(*found[Figure.SCORE]),
            average(*found[Figure.SECONDS]),
        )
        for month, found in sorted(months.items(), reverse=True)
        if found[Figure.STARTED][0]
    )


def score_distribution(now: datetime) -> tuple[CategoryScores, ...]:
    """Finished runs of the last 90 days, by category, best first."""
    scores = histograms(of(Figure.SCORE, since=days_back(now, DISTRIBUTION_DAYS)))
    whole = sum(found.total() for found in scores.values())
    rows = [
        CategoryScores(
            category,
            found.total(),
            percent(found.total(), whole),
            mean(found),
            min(found),
            max(found),
        )
        for category, found in scores.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.average_score, row.category)))


def lead_funnel(now: datetime) -> tuple[QualityStep, ...]:
    """Finished runs of the last 30 days, by lead quality, hottest first."""
    rows = (
        of(Figure.QUALITY, since=days_back(now, FUNNEL_DAYS))
        .values("name")
        .annotate(
            count=Sum("runs"),
            briefing=Sum("runs", filter=Q(part="briefing"), default=0),
            total=Sum(F("runs") * F("number")),
        )
    )
    found = {
        row["name"]: QualityStep(
            row["name"],
            row["count"],
            row["count"] if row["name"] else 0,
            row["briefing"],
            round(row["total"] / row["count"], 1),
        )
        for row in rows
        if row["count"]
    }
    order = (*reversed(LeadQuality), "")
    return tuple(found[quality] for quality in order if quality in found)


def completion_times(now: datetime) -> tuple[CategoryTimes, ...]:
    """Runs of the last 30 days that took 1 to 30 minutes, by category, fastest first."""
    plausible = of(Figure.SECONDS, since=days_back(now, TIMES_DAYS)).filter(number__range=SECONDS_COUNTED)
    rows = [
        CategoryTimes(
            category,
            found.total(),
            mean(found),
            round(percentile(found, 0.5), 1),
            round(percentile(found, 0.95), 1),
        )
        for category, found in histograms(plausible).items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.average, row.category)))


def origins(now: datetime) -> tuple[Origins, ...]:
    """Runs of the last 90 days by where they came from, one split each, without groups under ten."""
    rows = (
        of(Figure.STARTED, Figure.QUALITY, *ORIGINS, since=days_back(now, ORIGIN_DAYS))
        .values_list("figure", "name", "part")
        .annotate(count=Sum("runs"))
    )
    whole: Counter[str] = Counter()
    named: dict[str, dict[str, Counter[str]]] = {figure: defaultdict(Counter) for figure in ORIGINS}
    for figure, name, part, count in rows:
        if figure == Figure.STARTED:
            whole[STARTED] += count
        elif figure == Figure.QUALITY:
            whole[name or UNKNOWN] += count
        else:
            named[figure][name][part] += count
    return tuple(Origins(figure, split(named[figure], whole)) for figure in ORIGINS)


def split(named: Mapping[str, Counter[str]], whole: Counter[str]) -> tuple[Group, ...]:
    """The groups that may be told apart; runs without a name are one of them. () when no run has a name."""
    unnamed = whole.copy()
    for parts in named.values():
        unnamed.subtract(parts)
    groups = [group_of(name, parts) for name, parts in {**named, "": unnamed}.items()]
    return told_apart(groups, least=ENOUGH, other=OTHER) if named else ()


def group_of(name: str, parts: Counter[str]) -> Group:
    leads = sum(parts[quality] for quality in LeadQuality)
    briefing = parts[LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED]
    return Group(name, parts[STARTED], leads + parts[UNKNOWN], leads, briefing)


def answers(now: datetime) -> tuple[Answers, ...]:
    """How each question was answered in runs of the last 90 days, finished or given up."""
    rows = (
        of(Figure.ANSWER, since=days_back(now, ANSWERS_DAYS))
        .values_list("name", "part")
        .annotate(count=Sum("runs"))
        .order_by("name", "-count", "part")
    )
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for question, option, count in rows:
        found[question].append((option, count))
    return tuple(
        Answers(question, sum(count for _, count in options), tuple(options))
        for question, options in found.items()
    )


def last_steps(now: datetime) -> tuple[LastStep, ...]:
    """Where runs of the last 90 days ended that were given up, from the first step on."""
    rows = (
        of(Figure.LEFT, since=days_back(now, ANSWERS_DAYS))
        .values_list("number")
        .annotate(count=Sum("runs"))
        .order_by("number")
    )
    return tuple(LastStep(step, count) for step, count in rows if count)


def sum_up() -> None:
    """Keep the counts few, and of runs whose personal data is past its retention keep them coarse.

    Their days are told by stretches that no subtraction takes apart, and rare origins are forgotten.
    """
    before = (timezone.now() - timedelta(days=config.EMAIL_RETENTION_DAYS)).date()
    joined = DailyFigure.objects.join_days(before)
    DailyFigure.objects.fold_rare_origins(before, joined)
    DailyFigure.objects.sum_up()


def of(*figures: Figure, since: date) -> QuerySet[DailyFigure]:
    return DailyFigure.objects.filter(figure__in=figures, day__gte=since)


def histograms(rows: QuerySet[DailyFigure]) -> dict[str, Counter[int]]:
    """For each name, runs by number; empty ones left out. One query."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for name, number, count in rows.values_list("name", "number").annotate(count=Sum("runs")):
        if count:
            found[name][number] = count
    return found


def mean(histogram: Mapping[int, int]) -> float:
    total = sum(number * count for number, count in histogram.items())
    return round(total / sum(histogram.values()), 1)


def percentile(histogram: Mapping[int, int], fraction: float) -> float:
    """The value, or a place between two, below which that fraction of all lies: as PERCENTILE_CONT has it."""
    place = fraction * (sum(histogram.values()) - 1)
    before, share = divmod(place, 1)
    low = value_at(histogram, int(before))
    high = value_at(histogram, int(before) + (share > 0))
    return low + share * (high - low)


def value_at(histogram: Mapping[int, int], place: int) -> int:
    """The value at that place, from 0, when all are in order."""
    for value, count in sorted(histogram.items()):
        place -= count
        if place < 0:
            return value
    raise IndexError("The histogram has no such place.")


def days_back(now: datetime, days: int) -> date:
    """The first of so many days of which the last is today."""
    return now.astimezone(UTC).date() - timedelta(days=days - 1)


def months_back(now: datetime, months: int) -> datetime:
    """The first instant, in UTC, of the month that lies so many months before this one."""
    years, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return datetime(years, month + 1, 1, tzinfo=UTC)


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def average(count: int, total: int) -> float | None:
    return round(total / count, 1) if count else None
