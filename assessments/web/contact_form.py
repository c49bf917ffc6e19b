"""Validate contact details, for pages and API alike."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assessments.errors import InvalidInput
from assessments.models.assessment import CallTime
from assessments.models.contact import CONTACT_FIELDS
from assessments.qualification import Contact
from encryption.email_addresses import InvalidAddress, parse_address, readable_address

INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u0001-\u001f\u007f]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
EXTENSION = re.compile(
    r"(?<=[\d)])\s*(?:;?ext=|extension|ext\.?|durchwahl|dw\.?|[#,;]|x(?=\s*\d))[\s:]*(?=\d)", re.IGNORECASE
)
UNUSUAL_IN_PHONE = re.compile(r"[^\w+()./ -]")
# What may be a scheme is read once, from its beginning: from each of its letters, a long one takes minutes.
LINK = re.compile(r"(?:(?<![\w+.-])([+.-]*+)\w[\w+.-]*+://(?:www\.)?|\bwww\.)([^\s/?#]*)\S*", re.IGNORECASE)

ADDRESS_WORDS = {
    "required": _("Please enter your e-mail address."),
    "invalid": _("Please enter a full e-mail address, for example name@company.com."),
    "letters": _("Before the @, please use plain letters only: no accents or umlauts."),
}


def single_line(value: str) -> str:
    """The text without control and zero-width characters, with single spaces."""
    return " ".join(INVISIBLE.sub("", " ".join(value.split())).split())


def require_text(value: Any) -> str:
    """Clean text; raises ValidationError for anything but text and for lone surrogates."""
    if not isinstance(value, str) or SURROGATE.search(value):
        raise forms.ValidationError(_("Please enter text."))
    return single_line(value)


class PlainTextField(forms.CharField):
    """A single line without control characters; of a link, which no name needs, only the domain stays."""

    def to_python(self, value: Any) -> str | None:
        return single_line(LINK.sub(r"\1\2", require_text(value))) or None if value else None


class PhoneField(forms.CharField):
    """A phone number for a person to read. It never fails validation: a value without a digit is dropped."""

    def to_python(self, value: Any) -> str | None:
        return fold_phone(value) if isinstance(value, str) else None


def fold_phone(text: str) -> str | None:
    """A phone number in ASCII digits, hyphens and single spaces, at most 60 characters; None without a digit.

    Extensions (`ext. 42`, `Durchwahl 5`, `,42`, `;42`, `#42`) become ` x42`; letters (1-800-FLOWERS) stay.
    """
    text = single_line(unicodedata.normalize("NFKC", SURROGATE.sub("", text)))
    text = "".join(
        str(unicodedata.digit(sign))
        if sign.isdigit()
        else "-"
        if unicodedata.category(sign) == "Pd"
        else sign
        for sign in text
    )
    text = EXTENSION.sub(" x", text.removeprefix("tel:").removeprefix("TEL:").replace("://", " "))
    text = " ".join(UNUSUAL_IN_PHONE.sub(" ", text).split())[:60].strip()
    return text if any(sign.isdigit() for sign in text) else None


class AddressField(forms.EmailField):
    """An e-mail address in its canonical form; shown with its domain as people write it."""

    default_validators: ClassVar[list[Any]] = []  # type: ignore[misc]  # parse_address is stricter

    def to_python(self, value: Any) -> str | None:
        if not value or not require_text(value):
            return None
        try:
            return parse_address(value)
        except InvalidAddress as error:
            raise forms.ValidationError(self.error_messages[error.reason], code=error.reason) from None

    def prepare_value(self, value: Any) -> Any:
        return readable_address(value) if isinstance(value, str) else value


class ContactForm(forms.Form):
    email = AddressField(
        label=_("E-mail"),
        max_length=255,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=ADDRESS_WORDS,
    )
    first_name = PlainTextField(
        label=_("First name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = PlainTextField(
        label=_("Last name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    company = PlainTextField(
        label=_("Company"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    phone = PhoneField(
        label=_("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "maxlength": "60"}),
    )

    def contact(self) -> Contact:
        """The valid details; raises InvalidInput with the first error of each field."""
        if not self.is_valid():
            raise InvalidInput({field: str(errors[0]) for field, errors in self.errors.items()})
        return Contact(**{name: self.cleaned_data[name] for name in CONTACT_FIELDS})


class LeadForm(ContactForm):
    """Contact details with an address, which is required."""

    email = AddressField(
        label=_("E-mail"),
        max_length=255,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=ADDRESS_WORDS,
    )


class ResultForm(LeadForm):
    """The form on the result page: contact details, and whether and when to be called."""

    call_time = forms.ChoiceField(
        label=_("Shall we call you?"),
        required=False,
        choices=[("", _("No, thank you")), *CallTime.choices],
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("phone") and self["phone"].data:
            self.add_error(
                "phone",
                _("This does not look like a phone number. Please enter its digits, or leave it empty."),
            )
        elif cleaned.get("call_time") and not cleaned.get("phone"):
            self.add_error("phone", _("Please enter the number we can reach you on."))
        return cleaned


class OptionalAddressForm(forms.Form):
    """An e-mail address, or nothing."""

    email = AddressField(
        label=_("E-mail address"),
        max_length=255,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "aria-describedby": "email-help"}),
        error_messages=ADDRESS_WORDS,
    )


class AddressForm(forms.Form):
    """An e-mail address only."""

    email = AddressField(
        label=_("E-mail address"),
        max_length=255,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=ADDRESS_WORDS,
    )


def read_contact(data: Mapping[str, Any]) -> dict[str, str | None]:
    """The contact fields of an API request, cleaned; None for an empty one.

    Raises InvalidInput by field, in English like all errors of the API.
    """
    cleaned, problems = {}, {}
    with translation.override(settings.LANGUAGE_CODE):
        for name, value in data.items():
            try:
                cleaned[name] = ContactForm.base_fields[name].clean(value)
            except forms.ValidationError as error:
                problems[name] = str(error.messages[0])
    if problems:
        raise InvalidInput(problems)
    return cleaned
