"""The answers of an assessment as text, with the points that each one earned. Pure: no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from scorecard.definition import Definition, Option, Question, Section


@dataclass(frozen=True, slots=True)
class Line:
    """One question with the chosen option (None: not answered) and its effect on the total."""

    question: Question
    chosen: Option | None
    area_name: str
    cost: Fraction  # points (0-100) that the best answer would have added to the total

    @property
    def answer(self) -> str:
        return self.chosen.label if self.chosen else "Not answered"

    @property
    def points(self) -> int:
        return (self.chosen.points or 0) if self.chosen else 0

    @property
    def attainable(self) -> int:
        return self.question.attainable

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
    """One section with its score, 0-100, its weight in percent of the total, and its lines."""

    key: str
    name: str
    score: int
    weight_percent: int
    lines: tuple[Line, ...]


def transcript(
    definition: Definition, answers: Mapping[str, str], scores: Mapping[str, int]
) -> tuple[AnsweredArea, ...]:
    """The areas of `scores` (section key -> 0-100) with their questions, in form order."""
    sections = [section for section in definition.sections if section.key in scores]
    whole = sum((Fraction(section.weight) for section in sections), Fraction(0))
    return tuple(answered_area(section, answers, scores[section.key], whole) for section in sections)


def answered_area(section: Section, answers: Mapping[str, str], score: int, whole: Fraction) -> AnsweredArea:
    attainable = sum(question.attainable for question in section.questions)
    share = Fraction(section.weight) / whole if whole else Fraction(0)
    worth = 100 * share / attainable if attainable else Fraction(0)  # of one point, in points of the total
    return AnsweredArea(
        key=section.key,
        name=section.name,
        score=score,
        weight_percent=round(100 * share),
        lines=tuple(answered_line(section, question, answers, worth) for question in section.questions),
    )


def answered_line(section: Section, question: Question, answers: Mapping[str, str], worth: Fraction) -> Line:
    chosen = question.option(answers.get(question.key, ""))
    earned = (chosen.points or 0) if chosen else 0
    return Line(question, chosen, section.name, worth * (question.attainable - earned))
