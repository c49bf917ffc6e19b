"""A condition as lines of question, operator and value, joined by "and" or "or".

Lines joined to the one above form a group, in which the other word joins them: two levels. A condition that
is nested deeper is shown as a sentence and stays as it is.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME

from scorecard.admin.forms.fields import Values, number_or_text
from scorecard.conditions import WITHOUT_VALUE
from scorecard.definition import Definition, Question
from scorecard.editing.wording import OPERATORS

OTHER = {"AND": "OR", "OR": "AND"}
LISTS = ("in", "not_in")
NEUTRAL = {"AND": "not_in", "OR": "in"}  # of an empty list: always true, never true


class JoinForm(forms.Form):
    join = forms.ChoiceField(
        label="When", choices=(("AND", "all lines hold"), ("OR", "any line holds")), required=False
    )


class LineForm(forms.Form):
    """One comparison."""

    field = forms.ChoiceField(label="Question", required=False)
    operator = forms.ChoiceField(choices=tuple(OPERATORS.items()), required=False)
    value = forms.CharField(label="Value", required=False, max_length=500)
    grouped = forms.BooleanField(label="Belongs to the line above", required=False)

    def __init__(self, *args: Any, definition: Definition, **options: Any) -> None:
        super().__init__(*args, **options)
        self.definition = definition
        self.fields["field"].choices = [("", "-"), *field_choices(definition)]  # type: ignore[attr-defined]  # of a choice field

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
                self.add_error("value", "Say what to compare with.")
            else:
                question = self.definition.questions.get(given["field"].partition(".")[0])
                given["value"] = read_value(question, given["operator"], given["value"])
        return given

    def comparison(self) -> Values | None:
        """The comparison as the document has it; None for an empty line."""
        given = self.cleaned_data
        if not given.get("field") or given.get(DELETION_FIELD_NAME):
            return None
        found: Values = {"field": given["field"], "operator": given["operator"]}
        return found if given["operator"] in WITHOUT_VALUE else found | {"value": given["value"]}


LineFormSet = forms.formset_factory(LineForm, extra=1, can_delete=True)


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


def lines_of(condition: Mapping[str, Any] | None) -> tuple[str, list[Values]] | None:
    """How lines are joined, and the lines; None for a condition that is nested deeper."""
    if not condition:
        return "AND", []
    join = condition.get("logicalOp", "AND")
    lines = [] if condition.get("value") == [] else [line(condition)]
    for nested in condition.get("nested", ()):
        inner = nested.get("nested", ())
        if any(each.get("nested") for each in inner):
            return None
        lines.append(line(nested))
        same = nested.get("logicalOp", "AND") == join
        lines += [line(each, grouped=not same) for each in inner]
    return join, lines


def line(condition: Mapping[str, Any], *, grouped: bool = False) -> Values:
    value = condition.get("value")
    shown = ", ".join(map(str, value)) if isinstance(value, list) else value
    return {
        "field": condition["field"],
        "operator": condition["operator"],
        "value": "" if shown is None else shown,
        "grouped": grouped,
    }


def condition_from(join: str, lines: list[tuple[Values, bool]]) -> Values | None:
    """The condition of comparisons, each with whether it belongs to the one above; None for no line."""
    groups: list[list[Values]] = []
    for comparison, grouped in lines:
        if grouped and groups:
            groups[-1].append(comparison)
        else:
            groups.append([comparison])
    if not groups:
        return None
    if len(groups) == 1:
        return joined(groups[0], OTHER[join] if len(groups[0]) > 1 else join)
    alone = next((group for group in groups if len(group) == 1), None)
    nested = [joined(group, OTHER[join]) for group in groups if group is not alone]
    first = alone[0] if alone else neutral(groups[0][0], join)
    return first | {"logicalOp": join, "nested": nested}


def joined(group: list[Values], join: str) -> Values:
    first, *others = group
    return first | {"logicalOp": join, "nested": others} if others else first


def neutral(comparison: Values, join: str) -> Values:
    """A comparison that changes nothing, for groups of which none is a single comparison."""
    return {"field": comparison["field"], "operator": NEUTRAL[join], "value": []}
