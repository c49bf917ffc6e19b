"""Conditions and rules in sentences, as authors read them. Pure."""

from collections.abc import Iterator
from typing import Any

from scorecard.conditions import WITHOUT_VALUE, Condition, Rule
from scorecard.definition import Definition, Question
from scorecard.problems import Listing, Words

OPERATORS = {
    "eq": Words("%(question)s is %(value)s"),
    "ne": Words("%(question)s is not %(value)s"),
    "gt": Words("%(question)s is more than %(value)s"),
    "lt": Words("%(question)s is less than %(value)s"),
    "gte": Words("%(question)s is at least %(value)s"),
    "lte": Words("%(question)s is at most %(value)s"),
    "in": Words("%(question)s is one of %(value)s"),
    "not_in": Words("%(question)s is none of %(value)s"),
    "contains": Words("%(question)s contains %(value)s"),
    "not_contains": Words("%(question)s does not contain %(value)s"),
    "is_empty": Words("%(question)s has no answer"),
    "is_not_empty": Words("%(question)s has an answer"),
}
ACTIONS = {
    "SHOW": Words("If %(condition)s, show %(targets)s%(priority)s."),
    "HIDE": Words("If %(condition)s, hide %(targets)s%(priority)s."),
    "REQUIRE": Words("If %(condition)s, require an answer to %(targets)s%(priority)s."),
    "UNREQUIRE": Words("If %(condition)s, do not require %(targets)s%(priority)s."),
}
AND, OR = Words("and"), Words("or")
MOST = 80  # characters of a text that are shown


def rule_in_words(definition: Definition, rule: Rule) -> Words:
    """`If “How many people?” is more than 100, hide “Who leads it?”.`"""
    return ACTIONS.get(rule.action, Words(rule.action)).having(
        condition=condition_in_words(definition, rule.when),
        targets=Listing([_target(definition, key) for key in rule.targets] or [Words("nothing")], AND),
        priority=Words(" (priority %(priority)s)", priority=rule.priority) if rule.priority else "",
    )


def visibility_in_words(definition: Definition, condition: Condition | None) -> Words:
    if condition is None:
        return Words("Always shown, unless a rule says otherwise.")
    return Words("Shown if %(condition)s.", condition=condition_in_words(definition, condition))


def condition_in_words(definition: Definition, condition: Condition, *, inside: bool = False) -> Words:
    is_neutral = condition.value == [] and bool(condition.nested)  # of an empty list: see the form
    parts = [] if is_neutral else [comparison_in_words(definition, condition)]
    parts += [condition_in_words(definition, nested, inside=True) for nested in condition.nested]
    words = Listing(parts, OR if condition.logical_op == "OR" else AND)
    return Words("(%(condition)s)", condition=words) if inside and len(parts) > 1 else words


def comparison_in_words(definition: Definition, condition: Condition) -> Words:
    key, _, row = condition.field.partition(".")
    question = definition.questions.get(key)
    name = quoted(question.text) if question else Words("the missing question %(key)s", key=key)
    if question and row:
        label = next((each.label for each in question.rows if each.id == row), row)
        name = Words("%(question)s, row %(row)s,", question=name, row=quoted(label))
    words = OPERATORS.get(condition.operator)
    if words is None:
        words = Words("%(question)s %(operator)s %(value)s").having(operator=condition.operator)
    if condition.operator in WITHOUT_VALUE:
        return words.having(question=name)
    return words.having(question=name, value=Listing(_values(question, condition.value), OR))


def _values(question: Question | None, value: Any) -> Iterator[Words]:
    labels = {each.id: each.label for each in (*question.options, *question.columns)} if question else {}
    for each in value if isinstance(value, list) else [value]:
        yield quoted(labels.get(each, str(each))) if isinstance(each, str) else Words(str(each))


def _target(definition: Definition, key: str) -> Words:
    if key in definition.questions:
        return quoted(definition.questions[key].text)
    section = next((each for each in definition.sections if each.key == key), None)
    if section is None:
        return Words("the missing %(key)s", key=key)
    return Words("the page %(name)s", name=quoted(section.name))


def quoted(text: str, most: int = MOST) -> Words:
    return Words("“%(text)s”", text=text if len(text) <= most else text[: most - 1] + "…")
