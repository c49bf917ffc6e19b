"""The metric dictionary: the meaning, the period and the computation of each figure of the form.

The back-office page and the command `figures` show these panels and compute nothing themselves.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.statistics.analytics import (
    answer_counts,
    completion_times,
    last_steps,
    lead_funnel,
    merged_days,
    origin_splits,
    score_distribution,
)
from assessments.statistics.figure import ORIGINS, Figure
from assessments.statistics.periods import Period, aligned_period, last_days


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure, computed by `count` over `days`; a longer period where days of `figures` are merged."""

    title: str
    definition: str
    days: int
    figures: tuple[Figure, ...]
    count: Callable[[Period], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Panel:
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
    def of(cls, name: str, panel: Panel) -> "MetricPeriod":
        period = panel.period
        return cls(name, panel.metric.definition, period.first.isoformat(), period.last.isoformat())


METRICS = {
    "score_distribution": Metric(
        "Scores by category",
        "Finished assessments by the category of their total score.",
        90,
        (Figure.SCORE,),
        score_distribution,
    ),
    "lead_funnel": Metric(
        "From finished assessment to briefing",
        "Finished assessments. An address still counts after it was scrubbed. Qualified for a briefing: with "
        "an address, and either a total under 60 or every contact field filled in.",
        30,
        (Figure.QUALITY,),
        lead_funnel,
    ),
    "completion_times": Metric(
        "Time to finish",
        "Finished assessments that took 1 to 30 minutes; other times say nothing about the form.",
        30,
        (Figure.SECONDS,),
        completion_times,
    ),
    "origins": Metric(
        "Where they come from",
        "Assessments started, finished, with an e-mail address, and qualified for a briefing. Origins of "
        "fewer than ten are counted together, so that no figure points to one person.",
        90,
        (Figure.STARTED, Figure.QUALITY, *ORIGINS),
        origin_splits,
    ),
    "answers": Metric(
        "Answers",
        "How each question was answered, in assessments that were finished or given up.",
        90,
        (Figure.ANSWER,),
        answer_counts,
    ),
    "last_steps": Metric(
        "Where people leave",
        "Of the assessments that came so far, how many were given up there; those still open are left out. "
        "One with an address counts once its session has been removed.",
        90,
        (Figure.LEFT, Figure.SCORE),
        last_steps,
    ),
}


def panels(now: datetime, *keys: str) -> dict[str, Panel]:
    """These metrics, by default all: one query each, and one for the merged days. `now` is aware."""
    return dict(computed(now, keys or tuple(METRICS)))


def computed(now: datetime, keys: tuple[str, ...]) -> Iterator[tuple[str, Panel]]:
    merged = merged_days()
    for key in keys:
        metric = METRICS[key]
        period = aligned_period(last_days(now, metric.days), merged, metric.figures)
        yield key, Panel(metric, period, metric.count(period))
