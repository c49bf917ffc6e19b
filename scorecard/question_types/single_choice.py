"""SINGLE_CHOICE: one of several options."""

from typing import Any

from scorecard.definition import Question
from scorecard.question_types.contract import (
    NO_POINTS,
    Answer,
    Found,
    InvalidAnswer,
    QuestionPoints,
    Statistics,
    TypeContract,
    gettext_noop,
    option_problems,
)


class SingleChoice(TypeContract):
    name = "SINGLE_CHOICE"
    label = gettext_noop("One of several options")
    statistics = Statistics.COUNTS
    parts = frozenset({"options"})
    role = "radiogroup"
    missing = gettext_noop("Please choose an answer.")

    def parse(self, question: Question, sent: object) -> Answer:
        if sent == "":
            return sent
        if not isinstance(sent, str) or question.option(sent) is None:
            raise InvalidAnswer(gettext_noop("Please choose one of the options."))
        return sent

    def points(self, question: Question, answer: Answer) -> QuestionPoints:
        option = question.option(answer)
        if option and option.unknown:
            return NO_POINTS
        return QuestionPoints(
            earned=(option.points or 0) if option else 0,
            attainable=max([each.points or 0 for each in question.options], default=0),
        )

    def is_unknown(self, question: Question, answer: Answer) -> bool:
        option = question.option(answer)
        return option is not None and option.unknown

    def in_words(self, question: Question, answer: Answer) -> str:
        option = question.option(answer)
        return option.label if option else str(answer)

    def to_response(self, answer: Answer) -> dict[str, Any]:
        return {"selectedOptionId": answer}

    def counted(self, answer: Answer) -> tuple[str, ...]:
        return (answer,)

    def chosen(self, question: Question, answer: Answer) -> tuple[str, ...]:
        return (answer,) if question.option(answer) else ()

    def target(self, question: Question) -> str:
        return f"{question.key}-{question.options[0].id}"

    def better(self, question: Question, answer: Answer) -> tuple[Answer, ...]:
        return tuple(option.id for option in question.options if not option.unknown)

    def problems(self, question: Question) -> Found:
        yield from super().problems(question)
        yield from option_problems(question, "options", scored=question.scored is not False)
