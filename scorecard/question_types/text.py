"""TEXT: one line."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

import re2

from scorecard.definition import Question
from scorecard.problems import Words
from scorecard.question_types.contract import (
    Answer,
    Found,
    InvalidAnswer,
    TypeContract,
    at_most,
    gettext_noop,
    number_rules,
    order_of_limits,
)

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
REASONS = {  # what RE2 says -> our words
    "missing )": Words("an opened bracket ( is not closed"),
    "unexpected )": Words("a bracket ) closes none"),
    "missing ]": Words("an opened bracket [ is not closed"),
    "no argument for repetition operator": Words("nothing stands before %(part)s to be repeated", part=""),
    "bad repetition operator": Words("%(part)s repeats what is repeated already", part=""),
    "invalid repetition size": Words("%(part)s repeats too often, or in the wrong order", part=""),
    "trailing \\": Words("it ends with a single backslash"),
    "invalid escape sequence": Words("%(part)s stands for nothing", part=""),
    "invalid perl operator": Words("%(part)s is not known here", part=""),
    "invalid named capture group": Words("%(part)s gives a group no proper name", part=""),
    "invalid character class range": Words("%(part)s is no range of characters", part=""),
    "": Words("it is too large, or written for another kind of pattern"),
}
NOT_TEXT = gettext_noop("Please enter text.")


def plain_text(sent: object) -> str:
    """Text in NFC without control characters, lines ending with \\n. Raises InvalidAnswer."""
    if not isinstance(sent, str) or SURROGATE.search(sent):
        raise InvalidAnswer(NOT_TEXT)
    text = unicodedata.normalize("NFC", sent).replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL.sub("", text).strip()


class Text(TypeContract):
    name = "TEXT"
    label = gettext_noop("One line of text")
    rules = frozenset({"minLength", "maxLength", "pattern", "customMessage"})
    most = 500  # characters, unless the author allows fewer or more
    limit = 5_000  # that an author may allow

    def parse(self, question: Question, sent: object) -> Answer:
        return " ".join(plain_text(sent).split())

    def check(self, question: Question, answer: Answer) -> None:
        if len(answer) < (least := at_most(question, "minLength", 0)):
            raise InvalidAnswer(gettext_noop("Please enter at least %(least)s characters."), least=least)
        if len(answer) > (most := at_most(question, "maxLength", self.most)):
            raise InvalidAnswer(gettext_noop("Please enter at most %(most)s characters."), most=most)
        pattern = question.validation.get("pattern")
        if pattern and not pattern_problem(pattern) and not re2.fullmatch(pattern, answer):
            raise InvalidAnswer(gettext_noop("Please answer in the way the question asks for."))

    def to_response(self, answer: Answer) -> dict[str, Any]:
        return {"text": answer}

    def problems(self, question: Question) -> Found:
        yield from super().problems(question)
        yield from number_rules(question, ("minLength", "maxLength"))
        yield from order_of_limits(question, "minLength", "maxLength")
        if question.scored:
            yield ("scored",), Words("%(type)s cannot be scored", type=self.name)
        most = question.validation.get("maxLength")
        if isinstance(most, int) and most > self.limit:
            yield ("validation", "maxLength"), Words("must be at most %(most)s", most=self.limit)
        pattern = question.validation.get("pattern")
        if pattern is not None and (why := pattern_problem(pattern)):
            yield ("validation", "pattern"), why


def pattern_problem(pattern: object) -> str:
    """Why re2 cannot use a pattern; '' if it can."""
    return _why_not(pattern) if isinstance(pattern, str) else Words("must be text")


@lru_cache(maxsize=256)  # asked for each answer
def _why_not(pattern: str) -> str:
    quiet = re2.Options()
    quiet.log_errors = False
    try:
        re2.compile(pattern, quiet)
    except re2.error as error:
        said = error.args[0]
        return Words(
            "is no pattern: %(why)s", why=_reason(said.decode() if isinstance(said, bytes) else said)
        )
    return ""


def _reason(said: str) -> str:
    """What RE2 says, in our words; what it says it of comes after a colon."""
    reason, _, part = said.partition(": ")
    return REASONS.get(reason, REASONS[""]).having(part=part[:40])
