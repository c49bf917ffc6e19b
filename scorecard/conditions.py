"""Conditions on answers: twelve operators, joined by AND and OR. Pure; static/js/visibility.js does the same.

`ne`, `not_in`, `not_contains` and `is_not_empty` are the exact negations of the others, so they hold for a
question without an answer.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Test = Callable[[Mapping[str, Any]], bool]  # of the answers
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of the answer to `field`, joined with `nested` ones by AND or OR."""

    field: str  # a question key, or KEY.ROW for one row of a matrix
    operator: str  # one of OPERATORS
    value: Any = None
    logical_op: str = "AND"
    nested: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """`action` (SHOW, HIDE, REQUIRE, UNREQUIRE) befalls the targets, keys of questions or sections."""

    when: Condition
    action: str
    targets: tuple[str, ...]
    priority: int = 0  # the highest wins; of equal ones the last


def holds(condition: Condition, answers: Mapping[str, Any]) -> bool:
    """Whether the condition holds: its own comparison, joined with the nested ones."""
    own = OPERATORS[condition.operator](answer_to(condition.field, answers), condition.value)
    if condition.logical_op == "OR":
        return own or any(holds(nested, answers) for nested in condition.nested)
    return own and all(holds(nested, answers) for nested in condition.nested)


def compiled(condition: Condition) -> Test:
    """`holds` of this condition, as a function of the answers: several times as fast."""
    own = comparison(condition)
    nested = tuple(map(compiled, condition.nested))
    if not nested:
        return own
    if condition.logical_op == "OR":
        return lambda answers: own(answers) or any(test(answers) for test in nested)
    return lambda answers: own(answers) and all(test(answers) for test in nested)


def comparison(condition: Condition) -> Test:
    """The condition without its nested ones. An operator that there is not raises KeyError when asked."""
    field, value, compare = condition.field, condition.value, OPERATORS.get(condition.operator)
    if compare is None:
        return lambda answers: holds(condition, answers)
    if "." in field:
        return lambda answers: compare(answer_to(field, answers), value)
    is_alone = condition.operator in ("eq", "ne")
    texts = [value] if is_alone or not isinstance(value, list) else value
    if condition.operator in ONE_OF and texts and all(isinstance(each, str) and each for each in texts):
        wanted, known = ONE_OF[condition.operator], frozenset(texts)

        def is_one_of(answers: Mapping[str, Any]) -> bool:
            answer = answers.get(field)
            return (answer in known) is wanted if type(answer) is str else compare(answer, value)

        return is_one_of
    return lambda answers: compare(answers.get(field), value)


def question_keys(condition: Condition) -> Iterator[str]:
    """The keys of the questions that a condition asks about."""
    yield condition.field.partition(".")[0]
    for nested in condition.nested:
        yield from question_keys(nested)


def answer_to(field: str, answers: Mapping[str, Any]) -> Any:
    """The answer to a question, or to one row of a matrix (KEY.ROW); None without one."""
    key, _, row = field.partition(".")
    answer = answers.get(key)
    if row:
        return answer.get(row) if isinstance(answer, dict) else None
    return answer


def is_empty(answer: Any, value: Any = None) -> bool:
    return answer is None or (isinstance(answer, str | list | dict) and len(answer) == 0)


def equal(answer: Any, value: Any) -> bool:
    """Lists are compared as sets; a value that is no list is compared as a list of one."""
    if is_empty(answer):
        return False
    if isinstance(answer, list):
        others = value if isinstance(value, list) else [value]
        return len(answer) == len(others) and all(is_member(other, answer) for other in others)
    if isinstance(answer, dict):
        return isinstance(value, dict) and answer == value
    return same(answer, value)


def same(one: Any, other: Any) -> bool:
    """Equal, and of one kind: 1 is neither "1" nor true."""
    return kind_of_value(one) == kind_of_value(other) and bool(one == other)


def kind_of_value(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "other"


def is_number(value: Any) -> bool:
    return kind_of_value(value) == "number"


def is_member(value: Any, values: list[Any]) -> bool:
    return any(same(value, each) for each in values)


def among(answer: Any, value: Any) -> bool:
    """Whether the answer, or one of several, is among the values."""
    values = value if isinstance(value, list) else [value]
    answers = answer if isinstance(answer, list) else [answer]
    return not is_empty(answer) and any(is_member(each, values) for each in answers)


def contains(answer: Any, value: Any) -> bool:
    """Whether several answers, or the rows of a matrix, hold each value; whether a text holds a part."""
    if is_empty(answer):
        return False
    values = value if isinstance(value, list) else [value]
    if isinstance(answer, str):
        return all(isinstance(each, str) and each in answer for each in values)
    held = list(answer.values()) if isinstance(answer, dict) else answer
    return isinstance(held, list) and all(is_member(each, held) for each in values)


def ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Compare two numbers or two days; anything else is not in an order."""

    def compared(answer: Any, value: Any) -> bool:
        both_days = all(isinstance(each, str) and DAY.fullmatch(each) for each in (answer, value))
        return (
            both_days or (kind_of_value(answer), kind_of_value(value)) == ("number", "number")
        ) and compare(answer, value)

    return compared


def negated(operator: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda answer, value: not operator(answer, value)


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": equal,
    "ne": negated(equal),
    "gt": ordered(lambda answer, value: answer > value),
    "lt": ordered(lambda answer, value: answer < value),
    "gte": ordered(lambda answer, value: answer >= value),
    "lte": ordered(lambda answer, value: answer <= value),
    "in": among,
    "not_in": negated(among),
    "contains": contains,
    "not_contains": negated(contains),
    "is_empty": is_empty,
    "is_not_empty": negated(is_empty),
}
ONE_OF = {"eq": True, "ne": False, "in": True, "not_in": False}  # of a single text: whether it is among them
WITHOUT_VALUE = frozenset({"is_empty", "is_not_empty"})
