"""MULTIPLE_CHOICE: any of several options."""

from typing import Any

from scorecard.definition import Question
from scorecard.problems import Words
from scorecard.question_types.contract import (
    NO_POINTS,
    Answer,
    Fields,
    Found,
    InvalidAnswer,
    QuestionPoints,
    Statistics,
    TypeContract,
    at_most,
    gettext_noop,
    number_rules,
    option_problems,
)


class MultipleChoice(TypeContract):
    name = "MULTIPLE_CHOICE"
    label = gettext_noop("Any of several options")
    statistics = Statistics.COUNTS
    rules = frozenset({"minSelected", "maxSelected", "customMessage"})
    parts = frozenset({"options"})
    missing = gettext_noop("Please choose at least one answer.")

    def from_form(self, question: Question, fields: Fields) -> Answer:
        return [value for value in fields(question.key) if value] or None

    def parse(self, question: Question, sent: object) -> Answer:
        """The chosen ids, each once and in the order of the options."""
        known = [option.id for option in question.options]
        if not isinstance(sent, list) or not all(isinstance(id, str) and id in known for id in sent):
            raise InvalidAnswer(gettext_noop("Please choose among the options."))
        return [id for id in known if id in sent]

    def check(self, question: Question, answer: Answer) -> None:
        alone = [option for id in answer if (option := question.option(id)) and option.exclusive]
        if alone and len(answer) > 1:
            raise InvalidAnswer(
                gettext_noop("“%(option)s” cannot be combined with other answers."), option=alone[0].label
            )
        stands_alone = bool(alone) or self.is_unknown(question, answer)
        if answer and not stands_alone and len(answer) < (least := at_most(question, "minSelected", 0)):
            raise InvalidAnswer(gettext_noop("Please choose at least %(least)s answers."), least=least)
        if len(answer) > (most := at_most(question, "maxSelected", len(question.options))):
            raise InvalidAnswer(gettext_noop("Please choose at most %(most)s answers."), most=most)

    def points(self, question: Question, answer: Answer) -> QuestionPoints:
        if self.is_unknown(question, answer):
            return NO_POINTS
        most = at_most(question, "maxSelected", len(question.options))
        shared = sorted((each.points or 0 for each in question.options if not each.exclusive), reverse=True)
        alone = [each.points or 0 for each in question.options if each.exclusive]
        chosen = (question.option(id) for id in answer or ())
        return QuestionPoints(
            earned=sum(option.points or 0 for option in chosen if option),
            attainable=max(sum(shared[:most]), *alone, 0),
        )

    def is_unknown(self, question: Question, answer: Answer) -> bool:
        chosen = (question.option(id) for id in answer or ())
        return any(option is not None and option.unknown for option in chosen)

    def in_words(self, question: Question, answer: Answer) -> str:
        chosen = ((question.option(id), id) for id in answer)
        return "; ".join(option.label if option else str(id) for option, id in chosen)

    def to_response(self, answer: Answer) -> dict[str, Any]:
        return {"selectedOptionIds": answer}

    def counted(self, answer: Answer) -> tuple[str, ...]:
        return tuple(answer)

    def chosen(self, question: Question, answer: Answer) -> tuple[str, ...]:
        return tuple(answer)

    def target(self, question: Question) -> str:
        return f"{question.key}-{question.options[0].id}"

    def better(self, question: Question, answer: Answer) -> tuple[Answer, ...]:
        """One more of the options, or one alone."""
        shared = [id for id in answer or () if not self.is_alone(question, id)]
        most = at_most(question, "maxSelected", len(question.options))
        more = (
            [option.id]
            if option.exclusive
            else [each.id for each in question.options if each.id in {*shared, option.id}]
            for option in question.options
            if not option.unknown and option.id not in (answer or ())
        )
        return tuple(chosen for chosen in more if len(chosen) <= most)

    def is_alone(self, question: Question, id: str) -> bool:
        option = question.option(id)
        return option is None or option.exclusive or option.unknown

    def problems(self, question: Question) -> Found:
        yield from super().problems(question)
        scored = self.is_scored(question)
        yield from option_problems(question, "options", scored=scored)
        yield from number_rules(question, ("minSelected", "maxSelected"))
        least = question.validation.get("minSelected", 0)
        if isinstance(least, int) and least > at_most(question, "maxSelected", len(question.options)):
            yield ("validation", "minSelected"), Words("asks for more answers than can be chosen")
