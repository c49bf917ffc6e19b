"""The answers of an assessment as text, with the points that each one earned. Pure: no database, no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from scorecard.definition import Definition, Option, Question, Section
from scorecard.question_types import TYPES, type_of
from scorecard.question_types.contract import QuestionPoints
from scorecard.scoring import attainable as most_points
from scorecard.scoring import question_points, whole_weights
from scorecard.visibility import visible


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer in words ('' if there is none) and its effect on the total."""

    question: Question
    words: str
    area_name: str
    points: int
    loss: int  # what the best answer would have added to the total, in parts of `whole`
    whole: int  # the same for all lines of a transcript: a Fraction for each costs ten times as much
    has_score: bool = True
    is_unknown: bool = False  # "I don't know": without points

    @property
    def cost(self) -> Fraction:
        """The points (0-100) that the best answer would have added to the total."""
        return Fraction(100 * self.loss, self.whole)

    @property
    def attainable(self) -> int:
        """The most points that an answer can earn; 0 for "I don't know" and without a score."""
        return most_points(self.question) if self.has_score and not self.is_unknown else 0

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


@dataclass(frozen=True, slots=True)
class Share:
    """What one point of an area is worth: `of_point` in parts of `whole`, its weight in percent."""

    of_point: int
    whole: int
    weight_percent: int


NO_SHARE = Share(0, 1, 0)
Asked = Sequence[tuple[Question, Any, QuestionPoints]]  # a question that was shown, its answer, its points


def transcript(
    definition: Definition, answers: Mapping[str, Any], scores: Mapping[str, int]
) -> tuple[AnsweredArea, ...]:
    """The areas of `scores` (area key -> 0-100) with their questions that were shown, in form order."""
    shown = frozenset(visible(definition, answers).shown)
    asked = {area.key: asked_in(area, answers, shown) for area in definition.areas if area.key in scores}
    shares = shares_of(definition, asked)
    return tuple(
        answered_area(area, scores[area.key], asked[area.key], shares[area.key])
        for area in definition.areas
        if area.key in scores
    )


def unscored_areas(
    definition: Definition, answers: Mapping[str, Any], scores: Mapping[str, int]
) -> tuple[AnsweredArea, ...]:
    """The sections outside `scores` with the questions that were answered, in form order."""
    shown = frozenset(visible(definition, answers).shown)
    areas = [
        answered_area(area, 0, asked_in(area, answers, shown), NO_SHARE)
        for area in definition.areas
        if area.key not in scores
    ]
    return tuple(area for area in areas if any(line.chosen for line in area.lines))


def asked_in(area: Section, answers: Mapping[str, Any], shown: Collection[str]) -> Asked:
    return [
        (question, answer := answers.get(question.key), question_points(question, answer))
        for question in area.questions
        if question.key in shown
    ]


def shares_of(definition: Definition, asked: Mapping[str, Asked]) -> dict[str, Share]:
    """The shares of these areas, by key, all in parts of one whole."""
    weights = whole_weights(definition)
    sum_of_weights = sum([weights[key] for key in asked])
    if not sum_of_weights:
        return dict.fromkeys(asked, NO_SHARE)
    attainable = {key: sum([points.attainable for _, _, points in found]) for key, found in asked.items()}
    common = lcm(*[points for points in attainable.values() if points])
    whole = sum_of_weights * common
    return {
        key: Share(
            of_point=weights[key] * (common // points) if points else 0,
            whole=whole,
            weight_percent=round(100 * weights[key] / sum_of_weights),
        )
        for key, points in attainable.items()
    }


def answered_area(area: Section, score: int, asked: Asked, share: Share) -> AnsweredArea:
    lines = [answered_line(area, share, *each) for each in asked]
    return AnsweredArea(area.key, area.name, score, share.weight_percent, tuple(lines))


def answered_line(
    area: Section, share: Share, question: Question, answer: Any, points: QuestionPoints
) -> Line:
    return Line(
        question=question,
        words=answer_in_words(question, answer),
        area_name=area.name,
        points=points.earned,
        loss=(points.attainable - points.earned) * share.of_point,
        whole=share.whole,
        has_score=bool(area.weight),
        is_unknown=question.type in TYPES and type_of(question).is_unknown(question, answer),
    )


def answer_in_words(question: Question, answer: Any) -> str:
    """The answer as text; '' without one, or for a choice that the question does not have."""
    if question.type not in TYPES:
        return ""
    kind = type_of(question)
    if kind.is_empty(answer) or (kind.name == "SINGLE_CHOICE" and not kind.chosen(question, answer)):
        return ""
    return kind.in_words(question, answer)
