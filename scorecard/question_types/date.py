"""DATE: a day, as 2026-11-28."""

import re
from datetime import date
from typing import Any

from scorecard.definition import Question
from scorecard.problems import Words
from scorecard.question_types.contract import (
    Answer,
    Found,
    InvalidAnswer,
    TypeContract,
    gettext_noop,
    order_of_limits,
)

WRONG = gettext_noop("Please enter a date, for example 2026-11-28.")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def day_of(sent: object) -> str:
    """The day as text. Raises ValueError."""
    if not isinstance(sent, str) or not DAY.fullmatch(sent.strip()):
        raise ValueError("not a day")
    return date.fromisoformat(sent.strip()).isoformat()


class Date(TypeContract):
    name = "DATE"
    label = gettext_noop("Day")
    rules = frozenset({"min", "max", "customMessage"})

    def parse(self, question: Question, sent: object) -> Answer:
        if sent == "":
            return sent
        try:
            return day_of(sent)
        except ValueError:
            raise InvalidAnswer(WRONG) from None

    def check(self, question: Question, answer: Answer) -> None:
        earliest, latest = question.validation.get("min"), question.validation.get("max")
        if is_day(earliest) and answer < earliest:
            raise InvalidAnswer(gettext_noop("Please enter a date from %(day)s on."), day=earliest)
        if is_day(latest) and answer > latest:
            raise InvalidAnswer(gettext_noop("Please enter a date up to %(day)s."), day=latest)

    def to_response(self, answer: Answer) -> dict[str, Any]:
        return {"date": answer}

    def problems(self, question: Question) -> Found:
        yield from super().problems(question)
        if question.scored:
            yield ("scored",), Words("%(type)s cannot be scored", type=self.name)
        for rule in ("min", "max"):
            limit = question.validation.get(rule)
            if limit is not None and not is_day(limit):
                yield ("validation", rule), Words("must be a date such as 2026-11-28")
        yield from order_of_limits(question, "min", "max")


def is_day(value: object) -> bool:
    """Whether it is a day that the calendar has, as text."""
    try:
        return day_of(value) == value
    except ValueError:
        return False
