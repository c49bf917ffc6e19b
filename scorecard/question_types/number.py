"""NUMBER: a whole or decimal number, with points by ranges if it is scored."""

import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from scorecard.conditions import is_number
from scorecard.definition import Question
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
    limit_of,
    number_rules,
    order_of_limits,
)

LARGEST = 10**15  # beyond, a browser does not count exactly
NOT_A_NUMBER = gettext_noop("Please enter a number.")
GAPS = re.compile(r"[\s'\u2019]")  # between thousands, in any language
THOUSANDS = {  # decimal mark -> numbers whose thousands are grouped by the other mark
    ".": re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?"),
    ",": re.compile(r"[-+]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?"),
}


class Number(TypeContract):
    name = "NUMBER"
    label = gettext_noop("Number")
    statistics = Statistics.HISTOGRAM
    rules = frozenset({"min", "max", "step", "unit", "customMessage"})
    parts = frozenset({"points"})

    def from_form(self, question: Question, fields: Fields) -> Answer:
        """The number; what is none is returned as text, which `parse` rejects.

        KEY.mark is the decimal mark of the page.
        """
        text = super().from_form(question, fields)
        if text is None:
            return None
        mark = (fields(f"{question.key}.mark") or [""])[-1]
        try:
            number = Decimal(without_thousands(text, mark).replace(",", "."))
        except InvalidOperation:
            return text
        return float(number) if number.is_finite() else text

    def parse(self, question: Question, sent: object) -> Answer:
        number: Any = sent
        if not is_number(sent) or (isinstance(number, float) and not math.isfinite(number)):
            raise InvalidAnswer(NOT_A_NUMBER)
        if abs(number) > LARGEST:  # also of whole numbers that no float can hold
            raise InvalidAnswer(gettext_noop("Please enter at most %(most)s."), most=LARGEST)
        return int(number) if number == int(number) else number

    def check(self, question: Question, answer: Answer) -> None:
        if (least := limit_of(question, "min")) is not None and answer < least:
            raise InvalidAnswer(gettext_noop("Please enter at least %(least)s."), least=least)
        if (most := limit_of(question, "max")) is not None and answer > most:
            raise InvalidAnswer(gettext_noop("Please enter at most %(most)s."), most=most)
        step = limit_of(question, "step")
        if step and (Decimal(str(answer)) - Decimal(str(least or 0))) % Decimal(str(step)):
            raise InvalidAnswer(gettext_noop("Please enter a number in steps of %(step)s."), step=step)

    def points(self, question: Question, answer: Answer) -> QuestionPoints:
        return points_by_range(question, answer)

    def in_words(self, question: Question, answer: Answer) -> str:
        unit = question.validation.get("unit", "")
        return f"{answer} {unit}".strip()

    def to_response(self, answer: Answer) -> dict[str, Any]:
        return {"number": answer}

    def counted(self, answer: Answer) -> tuple[str, ...]:
        return (str(answer),)

    def problems(self, question: Question) -> Found:
        yield from super().problems(question)
        yield from number_rules(question, ("min", "max", "step"))
        yield from order_of_limits(question, "min", "max")
        yield from range_problems(question, question.validation.get("min"), question.validation.get("max"))


def without_thousands(text: str, mark: str) -> str:
    """A typed number without what groups its thousands: 10,000 is ten thousand in English, ten in German."""
    plain = GAPS.sub("", text)
    grouped = THOUSANDS.get(mark)
    if grouped and grouped.fullmatch(plain):
        return plain.replace("," if mark == "." else ".", "")
    return plain


def points_by_range(question: Question, answer: Answer) -> QuestionPoints:
    """The points of the first range that holds the number."""
    attainable = max((each.points for each in question.points), default=0)
    if answer is None:
        return QuestionPoints(0, attainable)
    for each in question.points:
        if (each.min is None or answer >= each.min) and (each.max is None or answer <= each.max):
            return QuestionPoints(each.points, attainable)
    return QuestionPoints(0, attainable)


def range_problems(question: Question, least: Any, most: Any) -> Found:
    """What is wrong with the points for answers from `least` to `most`; None: without limit."""
    if question.scored and not any(each.points for each in question.points):
        yield ("points",), Words("none is worth any points")
    for index, each in enumerate(question.points):
        if each.min is not None and each.max is not None and each.min > each.max:
            yield ("points", index), Words("starts above its end")
        elif each.points and (lies_above(each.min, most) or lies_above(least, each.max)):
            yield (
                ("points", index),
                Words("no answer can earn these points: they lie outside of what can be answered"),
            )


def lies_above(one: Any, other: Any) -> bool:
    return is_number(one) and is_number(other) and bool(one > other)
