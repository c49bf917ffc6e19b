"""Answers that stand for all others: one of each kind that the conditions tell apart. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any

from scorecard.conditions import Condition
from scorecard.definition import Question
from scorecard.question_types import TYPES, Answer, InvalidAnswer
from scorecard.question_types.scale import scale_of

MOST = 64  # answers of one question
MOST_PARTS = 4  # texts or options that are combined with one another
SOME_TEXT = "something"


@dataclass(frozen=True, slots=True)
class Candidates:
    """`answers` begins with None: no answer. `is_exact`: no other answer makes another difference."""

    answers: tuple[Answer, ...]
    is_exact: bool


def candidates(question: Question, comparisons: Iterable[Condition]) -> Candidates:
    """The answers that tell `comparisons`, all conditions on this question, apart."""
    asked = tuple(comparisons)
    values = tuple(distinct(value for each in asked for value in listed(each.value)))
    found = tuple(
        distinct(answer for answer in ANSWERS.get(question.type, any_text)(question, values, asked))
    )
    valid = tuple(answer for answer in found if may_be_given(question, answer))
    return Candidates((None, *valid[:MOST]), len(valid) <= MOST and is_exact(question, values))


def is_exact(question: Question, values: tuple[Any, ...]) -> bool:
    """Whether the candidates are all that matter; for combinations only while there are few."""
    if question.type == "MULTIPLE_CHOICE":
        return len(question.options) <= MOST_PARTS
    if question.type in ("SINGLE_CHOICE", "SCALE", "NUMBER", "DATE"):
        return True
    return question.type != "MATRIX" and len(values) <= MOST_PARTS


def may_be_given(question: Question, answer: Answer) -> bool:
    """Whether a choice, number or day is accepted. Texts are: what they match cannot be listed."""
    if question.type in TEXTS or question.type not in TYPES:
        return True
    try:
        TYPES[question.type].read(question, answer)
    except InvalidAnswer:
        return False
    return True


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def distinct(values: Iterable[Any]) -> Iterator[Any]:
    seen: set[str] = set()
    for value in values:
        if (name := repr(value)) not in seen:
            seen.add(name)
            yield value


def options(question: Question, values: tuple[Any, ...], asked: tuple[Condition, ...]) -> Iterator[Answer]:
    yield from (option.id for option in question.options)


def sets_of_options(
    question: Question, values: tuple[Any, ...], asked: tuple[Condition, ...]
) -> Iterator[Answer]:
    """Each option alone, those that are asked about in all combinations, and as many as there may be."""
    known = [option.id for option in question.options]
    parts = known if len(known) <= MOST_PARTS else [id for id in known if id in values][:MOST_PARTS]
    others = [id for id in known if id not in parts]
    yield from ([id] for id in known)
    for size in range(len(parts) + 1):
        for chosen in combinations(parts, size):
            yield list(chosen)
            yield [*chosen, *others]
            yield from ([*chosen, other] for other in others[:MOST_PARTS])


def numbers(question: Question, values: tuple[Any, ...], asked: tuple[Condition, ...]) -> Iterator[Answer]:
    """The numbers that are compared, their neighbours, and both ends."""
    rules = question.validation
    step = rules.get("step") or 1
    bounds = [rules[name] for name in ("min", "max") if isinstance(rules.get(name), int | float)]
    limits = [limit for each in question.points for limit in (each.min, each.max) if limit is not None]
    compared = [value for value in values if isinstance(value, int | float)]
    for value in (*bounds, *compared, *limits, *(() if bounds else (0,))):
        yield from (value, value - step, value + step)


def ratings(question: Question, values: tuple[Any, ...], asked: tuple[Condition, ...]) -> Iterator[Answer]:
    scale = scale_of(question)
    yield from range(scale.min, min(scale.max, scale.min + MOST) + 1)


def days(question: Question, values: tuple[Any, ...], asked: tuple[Condition, ...]) -> Iterator[Answer]:
    """The days that are compared, the days beside them, and both ends."""
    named = [value for value in values if isinstance(value, str)]
    ends = [question.validation[name] for name in ("min", "max") if name in question.validation]
    for text in (*named, *ends, "2026-01-01"):
        try:
            day = date.fromisoformat(text)
            yield from (str(day + timedelta(days=distance)) for distance in (0, -1, 1))
        except (ValueError, OverflowError):
            continue


def rows(question: Question, values: tuple[Any, ...], asked: tuple[Condition, ...]) -> Iterator[Answer]:
    """The rows that are asked about in all combinations of columns; of other rows all alike, or none."""
    columns = [column.id for column in question.columns]
    named = {each.field.partition(".")[2] for each in asked}
    several = [row.id for row in question.rows if row.id in named][:2]
    others = [row.id for row in question.rows if row.id not in several]
    for answers in product([None, *columns], repeat=len(several)):
        given = {row: answer for row, answer in zip(several, answers, strict=True) if answer}
        yield given
        yield from (given | dict.fromkeys(others, column) for column in columns)


def any_text(question: Question, values: tuple[Any, ...], asked: tuple[Condition, ...]) -> Iterator[Answer]:
    """Some text, the texts that are asked about, and texts that contain several of them."""
    yield SOME_TEXT
    parts = [value for value in values if isinstance(value, str)]
    yield from parts
    for size in range(2, min(len(parts), MOST_PARTS) + 1):
        yield from (" ".join(chosen) for chosen in combinations(parts[:MOST_PARTS], size))
    yield from (f"{part} {SOME_TEXT}" for part in parts)


TEXTS = frozenset({"TEXT", "TEXTAREA", "EMAIL", "URL", "FILE_UPLOAD"})  # files: given or not
ANSWERS: Mapping[str, Any] = {
    "SINGLE_CHOICE": options,
    "MULTIPLE_CHOICE": sets_of_options,
    "NUMBER": numbers,
    "SCALE": ratings,
    "DATE": days,
    "MATRIX": rows,
}
