"""The answers of an assessment as text, with the points that each one earned. Pure: no database, no clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scorecard.definition import Definition, Option, Question, Section
from scorecard.question_types import TYPES, type_of
from scorecard.question_types.contract import QuestionPoints
from scorecard.scoring import attainable as most_points
from scorecard.scoring import question_points
from scorecard.visibility import visible


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer in words ('' if there is none) and its effect on the total."""

    question: Question
    words: str
    area_name: str
    cost: Fraction  # points (0-100) that the best answer would have added to the total
    points: int
    attainable: int
    is_unknown: bool = False  # "I don't know": without points

    @property
    def chosen(self) -> bool:
        """Whether it was answered."""
        return bool(self.words)

    @property
    def answer(self) -> str:
        return self.words or "Not answered"

    @property
    def percent(self) -> int:
        """The share of attainable points that was earned, 0-100; 100 for a question without a score."""
        return round(100 * self.points / self.attainable) if self.attainable else 100

    @property
    def best(self) -> Option | None:
        """The option with the most points."""
        return max(self.question.options, key=lambda option: option.points or 0, default=None)


@dataclass(frozen=True, slots=True)
class AnsweredArea:
    """One area with its score, 0-100, its weight in percent of the total, and its lines."""

    key: str
    name: str
    score: int
    weight_percent: int
    lines: tuple[Line, ...]


def transcript(
    definition: Definition, answers: Mapping[str, Any], scores: Mapping[str, int]
) -> tuple[AnsweredArea, ...]:
    """The areas of `scores` (area key -> 0-100) with their questions that were shown, in form order."""
    areas = [area for area in definition.areas if area.key in scores]
    whole = sum((Fraction(area.weight) for area in areas), Fraction(0))
    shown = frozenset(visible(definition, answers).shown)
    return tuple(answered_area(area, answers, scores[area.key], whole, shown) for area in areas)


def answered_area(
    area: Section, answers: Mapping[str, Any], score: int, whole: Fraction, shown: Collection[str]
) -> AnsweredArea:
    questions = [question for question in area.questions if question.key in shown]
    points = [question_points(each, answers.get(each.key)) for each in questions]
    attainable = sum([each.attainable for each in points])
    share = Fraction(area.weight) / whole if whole else Fraction(0)
    worth = 100 * share / attainable if attainable else Fraction(0)  # of one point, in points of the total
    lost = [each.attainable - each.earned for each in points]
    costs = {number: worth * number for number in set(lost)}
    return AnsweredArea(
        key=area.key,
        name=area.name,
        score=score,
        weight_percent=round(100 * share),
        lines=tuple(
            answered_line(
                question, answers.get(question.key), each, area, costs[each.attainable - each.earned]
            )
            for question, each in zip(questions, points, strict=True)
        ),
    )


def unscored_areas(
    definition: Definition, answers: Mapping[str, Any], scores: Mapping[str, int]
) -> tuple[AnsweredArea, ...]:
    """The sections outside `scores` with the questions that were answered, in form order."""
    shown = frozenset(visible(definition, answers).shown)
    areas = [
        answered_area(area, answers, 0, Fraction(0), shown)
        for area in definition.areas
        if area.key not in scores
    ]
    return tuple(area for area in areas if any(line.chosen for line in area.lines))


def answered_line(
    question: Question, answer: Any, points: QuestionPoints, area: Section, cost: Fraction
) -> Line:
    unknown = question.type in TYPES and type_of(question).is_unknown(question, answer)
    return Line(
        question=question,
        words=answer_in_words(question, answer),
        area_name=area.name,
        cost=cost,
        points=points.earned,
        attainable=0 if unknown or not area.weight else most_points(question),
        is_unknown=unknown,
    )


def answer_in_words(question: Question, answer: Any) -> str:
    """The answer as text; '' without one, or for a choice that the question does not have."""
    if question.type not in TYPES:
        return ""
    kind = type_of(question)
    if kind.is_empty(answer) or (kind.name == "SINGLE_CHOICE" and not kind.chosen(question, answer)):
        return ""
    return kind.in_words(question, answer)
