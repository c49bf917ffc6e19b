"""The form of a question, and the lines of its options, rows, columns and points."""

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from scorecard.admin.forms.fields import (
    LinesField,
    LongField,
    NumberField,
    PartForm,
    ShortField,
    UnsaidField,
    Values,
    WholeField,
    YesField,
    number_or_text,
    read_at,
)
from scorecard.admin.forms.parts import NewPartForm
from scorecard.models import QuestionType
from scorecard.question_types import TYPES

RULES: dict[str, tuple[Any, type[forms.Field]]] = {
    "minLength": (_("Fewest characters"), WholeField),
    "maxLength": (_("Most characters"), WholeField),
    "pattern": (_("Pattern (RE2, for the whole answer)"), ShortField),
    "min": (_("Smallest"), ShortField),
    "max": (_("Largest"), ShortField),
    "step": (_("Step"), NumberField),
    "unit": (_("Unit"), ShortField),
    "minSelected": (_("Fewest to choose"), WholeField),
    "maxSelected": (_("Most to choose"), WholeField),
    "acceptedTypes": (_("Kinds of files that are taken, one to a line: pdf, docx, image/*"), LinesField),
    "maxSize": (_("Largest file, in MB"), NumberField),
    "maxFiles": (_("Most files"), WholeField),
    "customMessage": (_("Message for a wrong answer"), ShortField),
}
TYPE_NAMES = tuple((name, _(kind.label)) for name, kind in TYPES.items())
NUMBERS = ("NUMBER", "SCALE")
WITHOUT_DEFAULT = ("MATRIX", "FILE_UPLOAD")


def parts_of(type: str) -> frozenset[str]:
    """What questions of a type have besides texts: options, rows, columns, scale, points."""
    return TYPES[type].parts if type in TYPES else frozenset()


class NewQuestionForm(NewPartForm):
    text = LongField(required=True, label=_("Question"))
    type = forms.ChoiceField(label=_("Type"), choices=TYPE_NAMES, initial=QuestionType.SINGLE_CHOICE)
    field_order = ("text", "type", "key")

    def write(self, part: Values) -> None:
        super().write(part)
        if "options" in parts_of(part["type"]):
            part["options"] = [{"id": id, "label": f"Option {id}"} for id in "AB"]
        if part["type"] == QuestionType.MATRIX:
            part["rows"] = [{"id": "first", "label": "First row"}]
            part["columns"] = [{"id": id, "label": f"Column {id}"} for id in "AB"]


ANSWER = _("An option by its id, several separated by commas; a number, a text or a day as 2026-12-31.")


class QuestionForm(PartForm):
    headings: ClassVar[Mapping[str, Any]] = {
        "scored": _("Score and data"),
        "audience": _("Rarely needed"),
    }
    checks_before = "scored"  # what the type asks for stands before it

    text = LongField(required=True, label=_("Question"))
    type = forms.ChoiceField(label=_("Type"), choices=TYPE_NAMES)
    help_text = LongField(label=_("Help"))
    explanation = LongField(label=_("Why we ask"))
    placeholder = ShortField(label=_("Example in the field"))
    required = YesField(label=_("Must be answered"))
    scored = UnsaidField(label=_("Counts for the score"))
    personal = UnsaidField(label=_("Tells something about the person"))
    area = ShortField(
        label=_("Score it in another area"), max_length=50, help_text=_("The key of a page or area.")
    )
    hubspot_property = ShortField(label=_("HubSpot property of the answer"), max_length=100)
    audience = ShortField(label=_("Who can answer it best"), max_length=60)
    industry_tags = LinesField(label=_("Tags"), help_text=_("One to a line."))
    shuffle = YesField(label=_("Show the options in another order to each person"))
    default = ShortField(label=_("Answer that is filled in"), help_text=ANSWER)
    suggested__value = ShortField(label=_("Answer that is suggested"), help_text=ANSWER)
    suggested__reason = ShortField(label=_("Why it is suggested"), max_length=500)

    def __init__(self, *args: Any, part: Values, **options: Any) -> None:
        super().__init__(*args, part=part, **options)
        for name in ("default", "suggested__value"):
            self.initial[name] = answer_in_words(self.initial[name])
        if part["type"] in WITHOUT_DEFAULT:
            del self.fields["default"], self.fields["suggested__value"], self.fields["suggested__reason"]
        if "options" not in parts_of(part["type"]):
            del self.fields["shuffle"]
        if part["type"] == QuestionType.FILE_UPLOAD:
            del self.fields["personal"]  # a file always is
        kind = TYPES.get(part["type"])
        for rule in sorted(kind.rules, key=[*RULES].index) if kind and kind.rules <= RULES.keys() else ():
            label, field = RULES[rule]
            if part["type"] == "NUMBER" and rule in ("min", "max"):
                field = NumberField
            self.fields[f"validation__{rule}"] = field(label=label)
            self.initial.setdefault(f"validation__{rule}", (part.get("validation") or {}).get(rule))
        if "scale" in parts_of(part["type"]):
            self.add_scale(part.get("scale") or {})
        own = list(type(self).base_fields)
        of_type = [name for name in self.fields if name not in own]
        before = own.index(self.checks_before)
        self.order_fields([*own[:before], *of_type, *own[before:]])

    def add_scale(self, scale: Values) -> None:
        self.fields["scale__min"] = WholeField(label=_("Scale from"), required=True)
        self.fields["scale__max"] = WholeField(label=_("Scale to"), required=True)
        self.fields["scale_labels"] = LongField(
            label=_("Names of ratings"), help_text=_("One to a line: 1: not at all"), rows=3
        )
        labels = "\n".join(f"{rating}: {name}" for rating, name in (scale.get("labels") or {}).items())
        self.initial = {
            "scale__min": scale.get("min", 1),
            "scale__max": scale.get("max", 5),
            "scale_labels": labels,
        } | dict(self.initial)

    def clean(self) -> Values:
        given: Values = super().clean() or {}
        for name in ("default", "suggested__value"):
            if name in given:
                stored = read_at(self.part, name.split("__"))
                given[name] = typed_answer(given["type"], given[name], stored) if "type" in given else None
        if given.get("suggested__reason") and given.get("suggested__value") is None:
            self.add_error("suggested__value", _("Say which answer is suggested."))
        return given

    def write(self, part: Values) -> None:
        labels = self.cleaned_data.pop("scale_labels", None)
        fields = self.fields
        self.fields = {name: field for name, field in fields.items() if name != "scale_labels"}
        super().write(part)
        self.fields = fields
        if labels is not None:
            pairs = (line.partition(":") for line in labels.splitlines() if line.strip())
            part["scale"] = {
                **part.get("scale", {}),
                "min": self.cleaned_data["scale__min"],
                "max": self.cleaned_data["scale__max"],
                "labels": {rating.strip(): name.strip() for rating, _, name in pairs},
            }
        if part["type"] == QuestionType.FILE_UPLOAD:
            part.pop("personal", None)
        if (part.get("suggested") or {}).get("value") in (None, "", []):
            part.pop("suggested", None)
        if part["type"] in TYPES and "validation" in part:
            rules = TYPES[part["type"]].rules
            part["validation"] = {name: value for name, value in part["validation"].items() if name in rules}
        for name in ("options", "rows", "columns", "scale", "points"):
            if name not in parts_of(part["type"]):
                part.pop(name, None)


def answer_in_words(answer: Any) -> str:
    if isinstance(answer, list):
        return ", ".join(map(str, answer))
    return "" if answer is None else str(answer)


def typed_answer(type: str, text: str, stored: Any) -> Any:
    """The answer that was typed; None for none. What was not changed stays of its kind."""
    if not text:
        return None
    if text == answer_in_words(stored):
        return stored
    if type == QuestionType.MULTIPLE_CHOICE:
        return [part.strip() for part in text.split(",") if part.strip()]
    return number_or_text(text) if type in NUMBERS else text


class ListLine(PartForm):
    """One line of a list. `id` finds again what the form does not show; `rare` fields are folded away."""

    rare: ClassVar[tuple[str, ...]] = ()

    @property
    def is_open(self) -> bool:
        """Whether a rare field holds something, or is wrong."""
        return any(self[name].value() or self[name].errors for name in self.rare)


class OptionLine(ListLine):
    rare = ("description", "exclusive", "icon", "value")
    id = ShortField(max_length=50, label=_("Id"))
    label = ShortField(max_length=500, required=True, label=_("Text"))
    description = ShortField(label=_("Description"), max_length=1000)
    points = WholeField(label=_("Points"), min_value=0, max_value=10_000)
    advice = ShortField(max_length=2000, label=_("Advice for those who choose it"))
    exclusive = YesField(label=_("Cannot be combined"))
    unknown = YesField(label=_("Means “I don't know”"))
    icon = ShortField(label=_("Icon"), max_length=50)
    value = ShortField(label=_("Value for other systems"))

    def write(self, part: Values) -> None:
        stored = part.get("value")
        super().write(part)
        typed = self.cleaned_data["value"]
        if typed:
            part["value"] = stored if typed == str(stored) else number_or_text(typed)


class AdviceForm(PartForm):
    """The advice of an option; when it is left out is another form."""

    advice = LongField(label=_("Advice for those who choose it"), max_length=2000)


class RowLine(ListLine):
    id = ShortField(max_length=50, label=_("Id"))
    label = ShortField(max_length=500, required=True, label=_("Text"))


class PointsLine(ListLine):
    min = NumberField(label=_("From"))
    max = NumberField(label=_("To"))
    points = WholeField(label=_("Points"), required=True, min_value=0, max_value=10_000)


def line_set(form: type[ListLine]) -> "type[forms.BaseFormSet[Any]]":
    return forms.formset_factory(form, extra=2, can_delete=True, can_order=True)


LISTS: "dict[str, tuple[Any, type[forms.BaseFormSet[Any]]]]" = {
    "options": (_("Options"), line_set(OptionLine)),
    "rows": (_("Rows"), line_set(RowLine)),
    "columns": (_("Columns"), line_set(OptionLine)),
    "points": (_("Points by number"), line_set(PointsLine)),
}


def write_lines(formset: "forms.BaseFormSet[Any]", before: list[Values]) -> list[Values]:
    """The lines in their order; what a line does not show stays as it was before."""
    known = {item.get("id"): item for item in before if "id" in item}
    found = []
    for form in formset.ordered_forms:
        item = dict(known.get(form.cleaned_data.get("id"), {}))
        form.write(item)
        item.pop("order", None)  # the place in the list says it
        found.append(item)
    taken = {item.get("id") for item in (*found, *before)}
    free = (letter for letter in (*ascii_uppercase, *map(str, range(1, 1000))) if letter not in taken)
    for form, item in zip(formset.ordered_forms, found, strict=True):
        if "id" in form.fields and "id" not in item:
            item["id"] = next(free)
    return found
