"""What to do first, from the answers themselves: the costliest come first. Pure: no database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessments.results.transcript import AnsweredArea, Line
from scorecard.recommendations import AnswerAdvice

MOST = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One action that follows from one answer."""

    text: str
    question: str
    answer: str
    area: str  # key
    area_name: str
    loss: int  # what the answer took from the total, in parts of `whole`, which all steps share
    whole: int
    is_unknown: bool  # "I don't know"

    @property
    def cost(self) -> Fraction:
        """The points (0-100) that the answer took from the total."""
        return Fraction(100 * self.loss, self.whole)

    @property
    def is_urgent(self) -> bool:
        """Whether the answer leaves something to gain, or to find out."""
        return bool(self.loss) or self.is_unknown

    @property
    def points(self) -> int:
        """The cost in whole points, at least 1 if there is any."""
        return max(1, round(self.cost)) if self.cost else 0


def steps_of(advice: Iterable[AnswerAdvice], areas: Iterable[AnsweredArea]) -> tuple[Step, ...]:
    """All actions: the costliest answers first, then what was not known, then what is in place."""
    places = {line.question.key: (area.key, line) for area in areas for line in area.lines}
    found = [step_of(each, *places[each.question.key]) for each in advice if each.question.key in places]
    return tuple(sorted(found, key=lambda step: (step.loss, step.is_unknown), reverse=True))


def step_of(advice: AnswerAdvice, area: str, line: Line) -> Step:
    return Step(
        text=advice.option.advice,
        question=advice.question.text,
        answer=line.words,
        area=area,
        area_name=line.area_name,
        loss=line.loss,
        whole=line.whole,
        is_unknown=line.is_unknown,
    )


def first_of(steps: Sequence[Step], most: int = MOST) -> tuple[Step, ...]:
    """The first steps; those about what is in place only where nothing else is to be done."""
    urgent = [step for step in steps if step.is_urgent]
    return tuple((urgent or list(steps))[:most])
