"""SCALE: a rating from one whole number to another."""

from collections.abc import Sequence
from typing import Any

from scorecard.definition import Question, Scale
from scorecard.problems import Words
from scorecard.question_types.contract import (
    Answer,
    Fields,
    Found,
    InvalidAnswer,
    QuestionPoints,
    Statistics,
    TypeContract,
    gettext_noop,
)
from scorecard.question_types.number import points_by_range, range_problems

MOST_STEPS = 21


def scale_of(question: Question) -> Scale:
    return question.scale or Scale()


class ScaleType(TypeContract):
    name = "SCALE"
    label = gettext_noop("Rating on a scale")
    statistics = Statistics.HISTOGRAM
    parts = frozenset({"scale", "points"})
    role = "radiogroup"
    missing = gettext_noop("Please choose an answer.")

    def from_form(self, question: Question, fields: Fields) -> Answer:
        """The rating; what is none is returned as text, which `parse` rejects."""
        text = super().from_form(question, fields)
        try:
            return text and int(text)
        except ValueError:
            return text

    def parse(self, question: Question, sent: object) -> Answer:
        scale = scale_of(question)
        whole = int(sent) if isinstance(sent, float) and sent.is_integer() else sent
        if not isinstance(whole, int) or isinstance(whole, bool) or not scale.min <= whole <= scale.max:
            raise InvalidAnswer(
                gettext_noop("Please choose a number from %(least)s to %(most)s."),
                least=scale.min,
                most=scale.max,
            )
        return whole

    def points(self, question: Question, answer: Answer) -> QuestionPoints:
        return points_by_range(question, answer)

    def in_words(self, question: Question, answer: Answer) -> str:
        label = scale_of(question).labels.get(str(answer))
        return f"{answer} ({label})" if label else str(answer)

    def to_response(self, answer: Answer) -> dict[str, Any]:
        return {"rating": answer}

    def counted(self, answer: Answer) -> tuple[str, ...]:
        return (str(answer),)

    def choices(self, question: Question, answer: Answer) -> Sequence[tuple[Any, Any]]:
        """The ratings with their labels."""
        scale = scale_of(question)
        return [(rating, scale.labels.get(str(rating), "")) for rating in range(scale.min, scale.max + 1)]

    def target(self, question: Question) -> str:
        return f"{question.key}-{scale_of(question).min}"

    def better(self, question: Question, answer: Answer) -> tuple[Answer, ...]:
        scale = scale_of(question)
        return tuple(range(scale.min, scale.max + 1))

    def problems(self, question: Question) -> Found:
        yield from super().problems(question)
        scale = scale_of(question)
        yield from range_problems(question, scale.min, scale.max)
        if scale.min >= scale.max:
            yield ("scale", "max"), Words("must be more than min")
        elif scale.max - scale.min >= MOST_STEPS:
            yield ("scale", "max"), Words("has more than %(most)s ratings", most=MOST_STEPS)
        ratings = {str(rating) for rating in range(scale.min, min(scale.max, scale.min + MOST_STEPS) + 1)}
        for rating in scale.labels:
            if rating not in ratings:
                yield ("scale", "labels", rating), Words("is no rating of this scale")
