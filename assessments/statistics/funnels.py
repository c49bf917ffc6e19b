"""Funnels of the form: lead quality, contact details, and the step at which people leave. One query each."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from assessments.qualification import CONTACT_DEPTHS, LeadQuality
from assessments.statistics.figure import COUNT, TOTAL, DailyFigureQuerySet, Figure, PeriodQuery, count_of
from assessments.statistics.histograms import percent
from assessments.statistics.periods import Period


@dataclass(frozen=True, slots=True)
class QualityStep:
    """Finished assessments of one lead quality ('' without an address)."""

    quality: str
    assessments: int
    with_email: int
    briefing: int
    average_score: float


@dataclass(frozen=True, slots=True)
class ContactStep:
    """Finished assessments with this contact field and all before it; `field` '' for all of them."""

    field: str  # of qualification.CONTACT_DEPTHS
    assessments: int


@dataclass(frozen=True, slots=True)
class LastStep:
    """Assessments that saved this step (0: started), and how many of them were abandoned there."""

    step: int
    reached: int
    left: int

    @property
    def share(self) -> int:
        """Percent abandoned among those that reached the step."""
        return percent(self.left, self.reached)


QUALITIES = PeriodQuery(
    lambda rows: (
        rows.filter(figure=Figure.QUALITY)
        .values_list("name")
        .annotate(count=COUNT, briefing=count_of(Q(part="briefing")), total=TOTAL)
    )
)


def beside_scores(figure: Figure) -> PeriodQuery:
    """(figure, number, assessments) of this figure and of the scores."""

    def build(rows: DailyFigureQuerySet) -> QuerySet[Any, Any]:
        both = rows.filter(figure__in=(figure, Figure.SCORE))
        return both.values_list("figure", "number").annotate(count=COUNT)

    return PeriodQuery(build)


BESIDE_FINISHED = {figure: beside_scores(figure) for figure in (Figure.CONTACT, Figure.LEFT)}


def lead_funnel(period: Period) -> tuple[QualityStep, ...]:
    """Finished assessments by lead quality, best first."""
    steps = {
        name: QualityStep(name, count, count if name else 0, briefing, round(total / count, 1))
        for name, count, briefing, total in QUALITIES.rows(period)
        if count
    }
    order = (*reversed(LeadQuality), "")
    return tuple(steps[quality] for quality in order if quality in steps)


def contact_funnel(period: Period) -> tuple[ContactStep, ...]:
    """Finished assessments by the contact details left, each step a subset of the one before it."""
    depths, finished = beside_finished(period, Figure.CONTACT)
    steps = [ContactStep("", finished)]
    for depth, name in enumerate(CONTACT_DEPTHS, start=1):
        steps.append(ContactStep(name, sum(count for reached, count in depths.items() if reached >= depth)))
    return tuple(steps) if finished else ()


def last_steps(period: Period) -> tuple[LastStep, ...]:
    """Abandoned assessments by last step, among those that ended."""
    left, finished = beside_finished(period, Figure.LEFT)
    return tuple(
        LastStep(step, finished + sum(n for later, n in left.items() if later >= step), count)
        for step, count in sorted(left.items())
        if count
    )


def beside_finished(period: Period, figure: Figure) -> tuple[Counter[int], int]:
    """A figure by its number, and how many assessments were finished. One query."""
    counted: Counter[int] = Counter()
    finished = 0
    for found, number, count in BESIDE_FINISHED[figure].rows(period):
        if found == figure:
            counted[number] += count
        else:
            finished += count
    return counted, finished
