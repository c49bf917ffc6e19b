"""Funnels of the form: lead quality, contact details, and the step at which people leave. One query each."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import F, Q, Sum

from assessments.qualification import CONTACT_DEPTHS, LeadQuality
from assessments.statistics.figure import Figure, figures_in
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


def lead_funnel(period: Period) -> tuple[QualityStep, ...]:
    """Finished assessments by lead quality, best first."""
    rows = (
        figures_in(period, Figure.QUALITY)
        .values("name")
        .annotate(
            count=Sum("assessments"),
            briefing=Sum("assessments", filter=Q(part="briefing"), default=0),
            total=Sum(F("assessments") * F("number")),
        )
    )
    steps = {
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
    rows = figures_in(period, figure, Figure.SCORE).values_list("figure", "number")
    counted: Counter[int] = Counter()
    finished = 0
    for found, number, count in rows.annotate(count=Sum("assessments")):
        if found == figure:
            counted[number] += count
        else:
            finished += count
    return counted, finished
