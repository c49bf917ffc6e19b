"""The figures of the dashboard: the period and the computation of each; what they mean is in dictionary.py.

The back-office page and the command `figures` show these panels and compute nothing themselves. Assessments
marked as doubtful or as tests are in none of them but `marked`, which says how many there are.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from assessments.statistics.analytics import (
    answer_counts,
    completion_times,
    marked_counts,
    merged_days,
    monthly_totals,
    score_distribution,
)
from assessments.statistics.coarsening import retention_limit
from assessments.statistics.dictionary import DASHBOARD, Metric
from assessments.statistics.figure import ORIGINS, Figure
from assessments.statistics.funnels import contact_funnel, last_steps, lead_funnel
from assessments.statistics.landing import landing_views
from assessments.statistics.leavers import question_leavers
from assessments.statistics.origins import origin_splits
from assessments.statistics.periods import MergedDays, Period, aligned_period, last_days, last_months
from scorecard.models import QuestionnaireVersion

MONTHS = 12
PAST_MONTHS = partial(last_months, months=MONTHS)
PAST_30_DAYS, PAST_90_DAYS = partial(last_days, days=30), partial(last_days, days=90)


@dataclass(frozen=True, slots=True)
class Count:
    """Computes a metric by `rows` over `wanted`, or longer where days of `figures` are merged."""

    wanted: Callable[[datetime], Period]
    figures: tuple[Figure, ...]
    rows: Callable[[Period], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class MetricPanel:
    """The current values of a metric."""

    metric: Metric
    period: Period
    rows: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class MetricPeriod:
    """The meaning of a metric, and the first and last day that it counts."""

    metric: str
    definition: str
    first: str  # 2026-11-28
    last: str

    @classmethod
    def of(cls, name: str, panel: MetricPanel) -> "MetricPeriod":
        period = panel.period
        return cls(name, panel.metric.definition, period.first.isoformat(), period.last.isoformat())


METRICS = {
    "monthly": Count(PAST_MONTHS, (Figure.STARTED, Figure.SCORE, Figure.SECONDS), monthly_totals),
    "landing": Count(PAST_30_DAYS, (Figure.VIEW, Figure.STARTED), landing_views),
    "marked": Count(PAST_90_DAYS, (Figure.MARKED,), marked_counts),
    "score_distribution": Count(PAST_90_DAYS, (Figure.SCORE,), score_distribution),
    "lead_funnel": Count(PAST_30_DAYS, (Figure.QUALITY,), lead_funnel),
    "contact_funnel": Count(PAST_30_DAYS, (Figure.SCORE, Figure.CONTACT), contact_funnel),
    "completion_times": Count(PAST_30_DAYS, (Figure.SECONDS,), completion_times),
    "origins": Count(PAST_90_DAYS, (Figure.STARTED, Figure.QUALITY, Figure.VIEW, *ORIGINS), origin_splits),
    "answers": Count(PAST_90_DAYS, (Figure.ANSWER, Figure.CHOSEN), answer_counts),
    "last_steps": Count(PAST_90_DAYS, (Figure.LEFT, Figure.SCORE), last_steps),
    "questions": Count(PAST_90_DAYS, (Figure.ANSWER, Figure.SCORE, Figure.LEFT), question_leavers),
}


def metric_panels(now: datetime, *keys: str, questionnaire: str = "") -> dict[str, MetricPanel]:
    """These metrics, by default all: one or three queries each, and one for the merged days. `now` is aware.

    Of one `questionnaire` only days that are still stored one by one are counted: merged ones are large
    enough to name nobody only as long as they are not divided.
    """
    return dict(computed_panels(now, keys or tuple(METRICS), questionnaire))


def computed_panels(
    now: datetime, keys: tuple[str, ...], questionnaire: str
) -> Iterator[tuple[str, MetricPanel]]:
    merged = merged_days()
    versions = versions_of(questionnaire) if questionnaire else None
    for key in keys:
        count = METRICS[key]
        period = aligned_period(count.wanted(now), merged, count.figures)
        if versions is not None:
            first = max(period.first, retention_limit(period.last), day_after(merged))
            period = Period(first, period.last, versions)
        yield key, MetricPanel(DASHBOARD[key], period, count.rows(period))


def versions_of(questionnaire: str) -> tuple[UUID, ...]:
    """The ids of all versions of a questionnaire. One query."""
    return tuple(
        QuestionnaireVersion.objects.filter(questionnaire__key=questionnaire).values_list("pk", flat=True)
    )


def day_after(merged: Iterable[MergedDays]) -> date:
    """The first day after all merged ones."""
    return max((days.last + timedelta(days=1) for days in merged), default=date.min)


def dashboard_figures(now: datetime, questionnaire: str = "") -> dict[str, tuple[Any, ...]]:
    """The rows of each metric by its name, and under `periods` the days that each counts."""
    shown = metric_panels(now, questionnaire=questionnaire)
    periods = tuple(MetricPeriod.of(name, panel) for name, panel in shown.items())
    return {"periods": periods, **{name: panel.rows for name, panel in shown.items()}}
