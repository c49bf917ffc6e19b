"""From answers to scores, in exact arithmetic.

The rules are those of the product: an area scores round(100 x points / attainable points), the total is
round(sum of area score x weight), both rounded half up. Attainable counts the questions the respondent
was shown, answered or not, except those answered "I don't know"; weights renormalise over the areas that had
a scorable question.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from scorecard.definition import Definition, Question, Section
from scorecard.question_types import TYPES, type_of
from scorecard.question_types.contract import NO_POINTS, QuestionPoints
from scorecard.visibility import visible


@dataclass(frozen=True, slots=True)
class Points:
    earned: int
    attainable: int

    @property
    def score(self) -> int:
        """0-100, rounded half up."""
        return divided_half_up(100 * self.earned, self.attainable)


@dataclass(frozen=True, slots=True)
class Score:
    total: int  # 0-100
    areas: Mapping[str, int]  # area key -> 0-100, in order, areas that could score only
    category: str  # key of the band


def score(
    definition: Definition, answers: Mapping[str, Any], *, shown: Collection[str] | None = None
) -> Score:
    """The result of `answers` (question key -> answer).

    `shown` names the questions the respondent saw, by default those that the rules show; answers to others
    are ignored. With nothing scorable shown the total is 0. Raises LookupError when no band holds the total.
    """
    areas = {key: area.score for key, area in points(definition, answers, shown=shown).items()}
    total = _weighted(definition, areas)
    return Score(total=total, areas=areas, category=definition.band_of(total).key)


def points(
    definition: Definition, answers: Mapping[str, Any], *, shown: Collection[str] | None = None
) -> dict[str, Points]:
    """Points by area, in order: the areas that had a scorable question shown."""
    seen = visible(definition, answers).shown if shown is None else shown
    among = frozenset(seen)
    areas = {area.key: _area(area, answers, among) for area in definition.areas}
    return {key: area for key, area in areas.items() if area.attainable}


def question_points(question: Question, answer: Any) -> QuestionPoints:
    """Earned and attainable points of one question; both 0 if it is not scored, or "I don't know"."""
    if question.scored is False or question.type not in TYPES:
        return NO_POINTS
    return type_of(question).points(question, answer)


def attainable(question: Question) -> int:
    """The most points that an answer can earn; 0 for a question that is not scored."""
    return question_points(question, None).attainable


def half_up(value: Fraction) -> int:
    return divided_half_up(value.numerator, value.denominator)


def divided_half_up(number: int, by: int) -> int:
    """The quotient by a positive number, exactly rounded. A Fraction costs ten times as much."""
    return (2 * number + by) // (2 * by)


def _area(area: Section, answers: Mapping[str, Any], shown: Collection[str]) -> Points:
    found = (
        [question_points(each, answers.get(each.key)) for each in area.questions if each.key in shown]
        if area.weight
        else []
    )
    return Points(sum([each.earned for each in found]), sum([each.attainable for each in found]))


def _weighted(definition: Definition, areas: Mapping[str, int]) -> int:
    weights = whole_weights(definition)
    whole = sum([weights[key] for key in areas])
    return divided_half_up(sum([areas[key] * weights[key] for key in areas]), whole) if whole else 0


def whole_weights(definition: Definition) -> Mapping[str, int]:
    """The weights of the areas by key, in the same proportion, as whole numbers."""
    found: Mapping[str, int] | None = definition.memo.get("whole_weights")
    if found is None:
        weights = {area.key: Fraction(area.weight) for area in definition.areas}
        common = lcm(*(weight.denominator for weight in weights.values()))
        found = {key: int(weight * common) for key, weight in weights.items()}
        definition.memo["whole_weights"] = found
    return found
