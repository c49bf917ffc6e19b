"""A condition as lines of question, operator and value, joined by "and" or "or".

A line of a deeper level is in the group of the line above; the word that joins alternates by level.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext_lazy as _

from scorecard.admin.forms.fields import Values, number_or_text
from scorecard.conditions import WITHOUT_VALUE
from scorecard.definition import Definition, Question

OTHER = {"AND": "OR", "OR": "AND"}
LISTS = ("in", "not_in")
NEUTRAL = {"AND": "not_in", "OR": "in"}  # of an empty list: always true, never true
OPERATOR_NAMES = (
    ("eq", _("is")),
    ("ne", _("is not")),
    ("gt", _("is more than")),
    ("lt", _("is less than")),
    ("gte", _("is at least")),
    ("lte", _("is at most")),
    ("in", _("is one of")),
    ("not_in", _("is none of")),
    ("contains", _("contains")),
    ("not_contains", _("does not contain")),
    ("is_empty", _("has no answer")),
    ("is_not_empty", _("has an answer")),
)
MOST_LEVELS = 50
LEVELS = 6  # that a form offers, unless what is stored has more


@dataclass
class Node:
    """A comparison with the group that belongs to it; without one, only the group."""

    comparison: Mapping[str, Any] | None
    group: "list[Node]" = field(default_factory=list)


class JoinForm(forms.Form):
    join = forms.ChoiceField(
        label=_("When"), choices=(("AND", _("all lines hold")), ("OR", _("any line holds"))), required=False
    )


class LineForm(forms.Form):
    """One comparison."""

    field = forms.ChoiceField(label=_("Question"), required=False)
    operator = forms.ChoiceField(label=_("Comparison"), choices=OPERATOR_NAMES, required=False)
    value = forms.CharField(label=_("Value"), required=False, max_length=500)
    level = forms.TypedChoiceField(label=_("Level"), coerce=int, empty_value="1", required=False)

    def __init__(self, *args: Any, definition: Definition, **options: Any) -> None:
        super().__init__(*args, **options)
        self.definition = definition
        self.fields["field"].choices = [("", "-"), *field_choices(definition)]  # type: ignore[attr-defined]  # of a choice field
        deepest = max(LEVELS, number_in(self["level"].value()) + 1)
        levels = range(1, min(deepest, MOST_LEVELS) + 1)
        self.fields["level"].choices = [(level, str(level)) for level in levels]  # type: ignore[attr-defined]  # the same

    @property
    def hint(self) -> str:
        """What may be compared with, for the question that is chosen."""
        question = self.definition.questions.get(str(self["field"].value() or "").partition(".")[0])
        if question is None:
            return ""
        choices = (*question.options, *question.columns)
        return "; ".join(f"{each.id}: {each.label}" for each in choices)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("field") and given.get("operator") not in WITHOUT_VALUE:
            if not given.get("value", "").strip():
                self.add_error("value", _("Say what to compare with."))
            else:
                question = self.definition.questions.get(given["field"].partition(".")[0])
                given["value"] = read_value(question, given["operator"], given["value"])
        return given

    def comparison(self) -> Values | None:
        """The comparison as the document has it; None for a line without a question, or one to remove."""
        given = self.cleaned_data
        if not given.get("field") or given.get(DELETION_FIELD_NAME):
            return None
        found: Values = {"field": given["field"], "operator": given["operator"]}
        return found if given["operator"] in WITHOUT_VALUE else found | {"value": given["value"]}


LineFormSet = forms.formset_factory(LineForm, extra=1, can_delete=True)


def number_in(text: object) -> int:
    """A whole number that was posted, 1 for anything else."""
    return int(str(text)[:3]) if str(text).isdecimal() else 1


def field_choices(definition: Definition) -> Iterator[tuple[str, str]]:
    for key, question in definition.questions.items():
        yield key, f"{question.text[:80]} ({key})"
        for row in question.rows:
            yield f"{key}.{row.id}", f"{question.text[:50]}, row {row.label[:40]} ({key}.{row.id})"


def read_value(question: Question | None, operator: str, text: str) -> Any:
    """The value that was typed, in the kind of the question's answers; several are separated by commas."""
    several = [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]
    values = [one_value(question, part) for part in several]
    if operator in LISTS:
        return values
    if len(values) > 1 and question and (question.options or question.columns):
        return values
    return values[0] if len(several) == 1 and values else one_value(question, text.strip())


def one_value(question: Question | None, text: str) -> Any:
    if question and question.type in ("NUMBER", "SCALE"):
        return number_or_text(text)
    if question:
        labels = {each.label.casefold(): each.id for each in (*question.options, *question.columns)}
        return labels.get(text.casefold(), text)
    return text


def lines_of(condition: Mapping[str, Any] | None) -> tuple[str, list[Values]]:
    """How lines of level 1 are joined, and the lines; the same condition, whatever its depth."""
    if not condition:
        return "AND", []
    join = condition.get("logicalOp", "AND")
    return join, list(lines_within(nodes_of(condition, join), level=1))


def nodes_of(condition: Mapping[str, Any], join: str) -> list[Node]:
    """What the condition joins by `join`: single comparisons, and groups that the other word joins."""
    nested = condition.get("nested", ())
    found = [] if nested and condition.get("value") == [] else [Node(condition)]
    for each in nested:
        if not each.get("nested"):
            found.append(Node(each))
        elif each.get("logicalOp", "AND") == join:
            found += nodes_of(each, join)
        else:
            first, *others = nodes_of(each, OTHER[join])
            is_headless = bool(first.group) or first.comparison is None
            found.append(Node(None, [first, *others]) if is_headless else Node(first.comparison, others))
    return found


def lines_within(nodes: list[Node], *, level: int) -> Iterator[Values]:
    for node in nodes:
        yield {"level": level, **(line(node.comparison) if node.comparison else {"field": ""})}
        yield from lines_within(node.group, level=level + 1)


def line(condition: Mapping[str, Any]) -> Values:
    value = condition.get("value")
    shown = ", ".join(map(str, value)) if isinstance(value, list) else value
    return {
        "field": condition["field"],
        "operator": condition["operator"],
        "value": "" if shown is None else shown,
    }


def condition_from(join: str, lines: list[tuple[Values | None, int]]) -> Values | None:
    """The condition of comparisons, each with its level; a line without one holds a group together."""
    return joined(tree_of(lines), join)


def tree_of(lines: list[tuple[Values | None, int]]) -> list[Node]:
    """Lines of a deeper level in the group of the line above. What leaps a level comes as deep as it can."""
    top: list[Node] = []
    groups = [top]  # the one in which a line of each level would stand now
    for comparison, level in lines:
        del groups[max(level, 1) :]
        node = Node(comparison)
        groups[-1].append(node)
        groups.append(node.group)
    return top


def joined(nodes: list[Node], join: str) -> Values | None:
    """The nodes joined by `join`; groups of nothing are left out."""
    members = [found for node in nodes if (found := member(node, join))]
    if len(members) <= 1:
        return members[0] if members else None
    alone = next((each for each in members if "nested" not in each), None)
    nested = [each for each in members if each is not alone]
    return (alone or neutral(members[0], join)) | {"logicalOp": join, "nested": nested}


def member(node: Node, join: str) -> Values | None:
    own = [Node(node.comparison)] if node.comparison else []
    return joined([*own, *node.group], OTHER[join]) if node.group else cast(Values | None, node.comparison)


def neutral(comparison: Values, join: str) -> Values:
    """A comparison that changes nothing, for groups of which none is a single comparison."""
    return {"field": comparison["field"], "operator": NEUTRAL[join], "value": []}
