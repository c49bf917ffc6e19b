"""Fields for values of a questionnaire document, and the form of one part of it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

Values = dict[str, Any]

OF_FORMSETS = {"ORDER", "DELETE"}
YES_NO = (("", _("Depends on the type")), ("yes", _("Yes")), ("no", _("No")))


class LinesField(forms.CharField):
    """A list of texts, one to a line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 3}), **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class LongField(forms.CharField):
    def __init__(self, *, rows: int = 2, **options: Any) -> None:
        given: Values = {"required": False, "widget": forms.Textarea(attrs={"rows": rows})}
        super().__init__(**given | options)


class ShortField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "max_length": 255} | options)


class WholeField(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False} | options)


class NumberField(forms.DecimalField):
    """A number as JSON has it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "max_digits": 15} | options)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if not isinstance(found, Decimal):
            return None
        return int(found) if found == found.to_integral_value() else float(found)


def number_or_text(text: str) -> Any:
    """The number that a text is, as JSON has it; a text that is none as it is."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return text
    if not found.is_finite():
        return text
    return int(found) if found == found.to_integral_value() else float(found)


class UnsaidField(forms.ChoiceField):
    """Yes, no, or not said."""

    def __init__(self, **options: Any) -> None:
        given: Values = {"required": False, "choices": YES_NO}
        super().__init__(**given | options)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)

    def clean(self, value: Any) -> Any:
        return {"yes": True, "no": False}.get(super().clean(value))


class YesField(forms.BooleanField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False} | options)


class PartForm(forms.Form):
    """A form whose fields are called as in the document; `landing__start` is `start` within `landing`.

    `headings`: field -> what stands above it.
    """

    headings: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, part: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.part = part or {}
        for name in self.fields:
            if part is not None:
                self.initial.setdefault(name, read_at(part, name.split("__")))

    def under_headings(self) -> Iterator[tuple[str, forms.BoundField]]:
        """The fields, each with the heading above it, or ""."""
        return ((self.headings.get(field.name, ""), field) for field in self)

    def write(self, part: Values) -> None:
        """Write the cleaned values into the part; what is empty is left out."""
        for name in self.fields.keys() - OF_FORMSETS:
            steps, value = name.split("__"), self.cleaned_data[name]
            is_unticked = isinstance(self.fields[name], YesField) and not value
            write_at(part, steps, None if is_unticked and read_at(part, steps) is None else value)


def read_at(part: Mapping[str, Any], steps: list[str]) -> Any:
    found: Any = part
    for step in steps:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def write_at(part: Values, steps: list[str], value: Any) -> None:
    """Set the value; remove it when it is empty, and what held nothing else along with it."""
    *parents, name = steps
    if parents:
        inner = dict(part.get(parents[0]) or {})
        write_at(inner, steps[1:], value)
        write_at(part, parents[:1], inner)
    elif value is None or value in ("", [], {}):
        part.pop(name, None)
    else:
        part[name] = value


def typed_values(form: forms.BaseForm) -> Values:
    """What stands in the form now, for showing it again without errors."""
    return {name: form[name].value() for name in form.fields}
