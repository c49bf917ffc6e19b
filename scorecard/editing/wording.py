"""Conditions and rules in sentences, as authors read them. Pure."""

from collections.abc import Iterator
from typing import Any

from scorecard.conditions import WITHOUT_VALUE, Condition, Rule
from scorecard.definition import Definition, Question

OPERATORS = {
    "eq": "is",
    "ne": "is not",
    "gt": "is more than",
    "lt": "is less than",
    "gte": "is at least",
    "lte": "is at most",
    "in": "is one of",
    "not_in": "is none of",
    "contains": "contains",
    "not_contains": "does not contain",
    "is_empty": "has no answer",
    "is_not_empty": "has an answer",
}
ACTIONS = {"SHOW": "show", "HIDE": "hide", "REQUIRE": "require an answer to", "UNREQUIRE": "do not require"}


def rule_in_words(definition: Definition, rule: Rule) -> str:
    """`If “How many people?” is more than 100, hide “Who leads it?”.`"""
    targets = " and ".join(_target(definition, key) for key in rule.targets) or "nothing"
    priority = f" (priority {rule.priority})" if rule.priority else ""
    action = ACTIONS.get(rule.action, rule.action)
    return f"If {condition_in_words(definition, rule.when)}, {action} {targets}{priority}."


def visibility_in_words(definition: Definition, condition: Condition | None) -> str:
    if condition is None:
        return "Always shown, unless a rule says otherwise."
    return f"Shown if {condition_in_words(definition, condition)}."


def condition_in_words(definition: Definition, condition: Condition, *, inside: bool = False) -> str:
    is_neutral = condition.value == [] and bool(condition.nested)  # of an empty list: see the form
    parts = [] if is_neutral else [comparison_in_words(definition, condition)]
    parts += [condition_in_words(definition, nested, inside=True) for nested in condition.nested]
    words = f" {'or' if condition.logical_op == 'OR' else 'and'} ".join(parts)
    return f"({words})" if inside and len(parts) > 1 else words


def comparison_in_words(definition: Definition, condition: Condition) -> str:
    key, _, row = condition.field.partition(".")
    question = definition.questions.get(key)
    name = _quoted(question.text) if question else f"the missing question {key}"
    if question and row:
        label = next((each.label for each in question.rows if each.id == row), row)
        name += f", row {_quoted(label)},"
    operator = OPERATORS.get(condition.operator, condition.operator)
    if condition.operator in WITHOUT_VALUE:
        return f"{name} {operator}"
    return f"{name} {operator} {' or '.join(_values(question, condition.value))}"


def _values(question: Question | None, value: Any) -> Iterator[str]:
    labels = {each.id: each.label for each in (*question.options, *question.columns)} if question else {}
    for each in value if isinstance(value, list) else [value]:
        yield _quoted(labels.get(each, str(each))) if isinstance(each, str) else str(each)


def _target(definition: Definition, key: str) -> str:
    if key in definition.questions:
        return _quoted(definition.questions[key].text)
    section = next((each for each in definition.sections if each.key == key), None)
    return f"the page {_quoted(section.name)}" if section else f"the missing {key}"


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 80 else text[:79] + '…'}”"
