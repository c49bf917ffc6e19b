"""What the browser needs to show and hide the questions of a page: read by static/js/visibility.js. Pure.

    {"questions": [{key, section, required}, ...], "waits": {name: {by, condition, rules}}, "demands": {...},
     "answers": {...}, "page": [keys]}

The questions come in the order in which they are decided. Answers are only those that a condition asks about,
and of those none of the page itself: the form has them.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from scorecard.conditions import Condition, Rule, question_keys
from scorecard.definition import Definition, Section
from scorecard.visibility import Wait, plan_of, section_name

Rules = Collection[tuple[int, Rule]]


def adaptive_data(definition: Definition, page: Section, answers: Mapping[str, Any]) -> dict[str, Any] | None:
    """The rules as JSON, None if nothing on this page depends on an answer of it."""
    data = rules_data(definition)
    here = {question.key for question in page.questions}
    if not data["fields"] & here:
        return None
    fields = data.pop("fields")
    given = {key: answers[key] for key in fields if key in answers and key not in here}
    return {**data, "answers": given, "page": [question.key for question in page.questions]}


def rules_data(definition: Definition) -> dict[str, Any]:
    """All rules of a definition as JSON values, with the keys of the questions they ask about as `fields`."""
    plan = plan_of(definition)
    asked = {key for wait in plan.waits.values() for key in wait.fields}
    asked |= {key for rules in plan.demands.values() for _, rule in rules for key in question_keys(rule.when)}
    return {
        "questions": [
            {"key": question.key, "section": section_name(section), "required": question.is_required}
            for question, section in plan.order
        ],
        "waits": {name: wait_data(wait) for name, wait in plan.waits.items()},
        "demands": {key: rule_list(rules) for key, rules in plan.demands.items()},
        "fields": asked,
    }


def wait_data(wait: Wait) -> dict[str, Any]:
    condition = condition_data(wait.condition) if wait.condition else None
    return {"condition": condition, "rules": rule_list(wait.rules)}


def rule_list(rules: Rules) -> list[dict[str, Any]]:
    return [{"when": condition_data(rule.when), "action": rule.action} for _, rule in rules]


def condition_data(condition: Condition) -> dict[str, Any]:
    """A condition as authors write it, less what is the default."""
    return {
        name: value for name, value in asdict(condition).items() if name not in ("logical_op", "nested")
    } | {"logicalOp": condition.logical_op, "nested": [condition_data(each) for each in condition.nested]}
