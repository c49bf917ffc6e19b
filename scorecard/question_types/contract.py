"""What every question type can do: values in, values out.

An answer is natural JSON: "A", ["A", "C"], 12, "text", "2026-11-28", {"row": "option"}. Sessions and
assessments store that; the table `responses` stores seed 002's object of it, `{"selectedOptionId": "A"}`.
Only the type knows both.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from scorecard.conditions import is_number
from scorecard.definition import Question
from scorecard.problems import Path, Words

Answer = Any  # natural JSON
Fields = Callable[[str], list[str]]  # name of a form field -> its posted values
Found = Iterator[tuple[Path, str]]


def gettext_noop(words: str) -> str:
    """Mark words for translation; whoever shows them translates them."""
    return words


class InvalidAnswer(Exception):
    """An answer that cannot be taken. `words` are to be translated, then filled with `values`."""

    def __init__(self, words: str, **values: object) -> None:
        super().__init__(words)
        self.words, self.values = words, values


class Statistics(StrEnum):
    """How the answers of a type are counted."""

    COUNTS = "counts"  # by option
    HISTOGRAM = "histogram"  # by number
    NONE = "none"  # typed text: only whether it was answered


@dataclass(frozen=True, slots=True)
class QuestionPoints:
    earned: int
    attainable: int


NO_POINTS = QuestionPoints(0, 0)


class TypeContract:
    """The contract, with what most typed answers share."""

    name: ClassVar[str]
    label: ClassVar[str]  # what authors call it, to be translated
    statistics: ClassVar[Statistics] = Statistics.NONE
    rules: ClassVar[frozenset[str]] = frozenset({"customMessage"})  # keys of `validation`
    parts: ClassVar[frozenset[str]] = frozenset()  # fields of a question that only some types have
    role: ClassVar[str] = ""  # of the group of controls
    missing: ClassVar[str] = gettext_noop("Please answer this question.")

    @property
    def template(self) -> str:
        return f"assessments/types/{self.name.lower()}.html"

    def from_form(self, question: Question, fields: Fields) -> Answer:
        """The posted answer, unchecked; None when the field is empty."""
        return (fields(question.key) or [""])[-1].strip() or None

    def read(self, question: Question, sent: object) -> Answer:
        """The answer that was sent as natural JSON. Raises InvalidAnswer."""
        answer = self.parse(question, sent)
        try:
            self.check(question, answer)
        except InvalidAnswer as wrong:
            if (own := question.validation.get("customMessage")) and isinstance(own, str):
                raise InvalidAnswer("%(own)s", own=own) from wrong
            raise
        return answer

    def parse(self, question: Question, sent: object) -> Answer:
        """The answer in its canonical form. Raises InvalidAnswer for the wrong kind of value."""
        raise NotImplementedError

    def check(self, question: Question, answer: Answer) -> None:
        """Check a non-empty answer against the validation rules. Raises InvalidAnswer."""

    def is_empty(self, answer: Answer) -> bool:
        return answer is None or answer in ("", [], {})

    def is_complete(self, question: Question, answer: Answer) -> bool:
        """Whether a required question may be left with this answer."""
        return answer is not None and answer not in ("", [], {})

    def points(self, question: Question, answer: Answer) -> QuestionPoints:
        """Earned and attainable points of an answer, None if there is none; both 0 for "I don't know"."""
        return NO_POINTS

    def is_scored(self, question: Question) -> bool:
        """Whether answers earn points: as the author says, or else if there are any."""
        if question.scored is not None:
            return question.scored
        return self.points(question, None).attainable > 0

    def is_unknown(self, question: Question, answer: Answer) -> bool:
        """Whether the answer is "I don't know"."""
        return False

    def in_words(self, question: Question, answer: Answer) -> str:
        return str(answer)

    def to_response(self, answer: Answer) -> dict[str, Any]:
        """Seed 002's object."""
        raise NotImplementedError

    def from_response(self, stored: Mapping[str, Any]) -> Answer:
        """The answer in seed 002's object."""
        return next(iter(stored.values()), None)

    def counted(self, answer: Answer) -> tuple[str, ...]:
        """Under which names the answer counts in the statistics."""
        return ()

    def chosen(self, question: Question, answer: Answer) -> tuple[str, ...]:
        """The ids of the chosen options, whose advice follows."""
        return ()

    def choices(self, question: Question, answer: Answer) -> Sequence[tuple[Any, Any]]:
        """What the template lists, in pairs."""
        return ()

    def target(self, question: Question) -> str:
        """The id of the first control, which links lead to."""
        return question.key

    def better(self, question: Question, answer: Answer) -> tuple[Answer, ...]:
        """Other answers to suggest: each differs from this one in one respect."""
        return ()

    def problems(self, question: Question) -> Found:
        """What is wrong with the question's own definition, by path within it."""
        for rule in question.validation:
            if rule not in self.rules:
                yield ("validation", rule), Words("%(type)s has no such rule", type=self.name)
            elif rule in ("customMessage", "unit") and not isinstance(question.validation[rule], str):
                yield ("validation", rule), Words("must be text")
        for part in ("options", "rows", "columns", "scale", "points"):
            if part not in self.parts and getattr(question, part):
                yield (part,), Words("%(type)s has none", type=self.name)


def option_problems(question: Question, part: str, *, scored: bool) -> Found:
    """What is wrong with the options, or with the columns of a matrix."""
    options = getattr(question, part)
    if not options:
        yield (part,), Words("there is none")
    elif scored and not any(option.points for option in options):
        yield (part,), Words("none is worth any points")
    for index, option in enumerate(options):
        if not option.label.strip():
            yield (part, index, "label"), Words("is blank")
        if scored and option.points is None and not option.unknown and not option.exclusive:
            yield (part, index, "points"), Words("is missing")


def at_most(question: Question, rule: str, otherwise: int) -> int:
    """A limit of the validation rules, or the type's own."""
    limit = limit_of(question, rule)
    return otherwise if limit is None else int(limit)


def limit_of(question: Question, rule: str) -> Any:
    """A limit as a number; None without one. What is no number limits nothing: `problems` tells of it."""
    limit = question.validation.get(rule)
    return limit if is_number(limit) else None


def number_rules(question: Question, rules: Iterable[str]) -> Found:
    """Rules that must be numbers, and those that must not be negative."""
    for rule in rules:
        limit = question.validation.get(rule)
        if limit is None:
            continue
        if not is_number(limit):
            yield ("validation", rule), Words("must be a number")
        elif rule not in ("min", "max") and limit < 0:
            yield ("validation", rule), Words("must be at least 0")


def order_of_limits(question: Question, least: str, most: str) -> Found:
    """Two rules that no answer can meet at once. Limits of the wrong type are another problem."""
    lower: Any = question.validation.get(least)
    upper: Any = question.validation.get(most)
    comparable = (is_number(lower) and is_number(upper)) or (
        isinstance(lower, str) and isinstance(upper, str)
    )
    if comparable and lower > upper:
        yield ("validation", least), Words("lies above %(limit)s, so no answer can be right", limit=most)
