"""From answers to scores, in exact arithmetic.

The rules are those of the product: an area scores round(100 x points / attainable points), the total is
round(sum of area score x weight), both rounded half up. Attainable counts the questions the respondent
was shown, answered or not; weights renormalise over the areas that had a scorable question.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from scorecard.definition import Definition, Question, Section


@dataclass(frozen=True, slots=True)
class Points:
    earned: int
    attainable: int

    @property
    def score(self) -> int:
        """0-100, rounded half up."""
        return half_up(Fraction(100 * self.earned, self.attainable))


@dataclass(frozen=True, slots=True)
class Score:
    total: int  # 0-100
    areas: Mapping[str, int]  # section key -> 0-100, in section order, areas that could score only
    category: str  # key of the band


def score(
    definition: Definition, answers: Mapping[str, str], *, shown: Collection[str] | None = None
) -> Score:
    """The result of `answers` (question key -> option id).

    `shown` names the questions the respondent saw, all of them by default; answers to others are ignored.
    With nothing scorable shown the total is 0. Raises LookupError when no band holds the total.
    """
    areas = {key: area.score for key, area in points(definition, answers, shown=shown).items()}
    total = _weighted(definition, areas)
    return Score(total=total, areas=areas, category=definition.band_of(total).key)


def points(
    definition: Definition, answers: Mapping[str, str], *, shown: Collection[str] | None = None
) -> dict[str, Points]:
    """Points by area (section key), in section order: the areas that had a scorable question shown."""
    areas = {section.key: _area(section, answers, shown) for section in definition.sections}
    return {key: area for key, area in areas.items() if area.attainable}


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def _area(section: Section, answers: Mapping[str, str], shown: Collection[str] | None) -> Points:
    questions = [question for question in section.questions if shown is None or question.key in shown]
    return Points(
        earned=sum(_earned(question, answers.get(question.key)) for question in questions),
        attainable=sum(question.attainable for question in questions),
    )


def _earned(question: Question, answer: str | None) -> int:
    option = question.option(answer) if answer is not None else None
    return (option.points or 0) if option else 0


def _weighted(definition: Definition, areas: Mapping[str, int]) -> int:
    weights = {section.key: Fraction(section.weight) for section in definition.sections}
    whole = sum(weights[key] for key in areas)
    return half_up(sum(areas[key] * weights[key] for key in areas) / whole) if whole else 0
