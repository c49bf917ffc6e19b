"""Form fields of the settings page for the brand, with their validation."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding import drawing, links, logo
from branding.palette import DARK, LIGHT, Pair, nearest_readable, unreadable_pairs

OWN, OURS = "brand/logo", "brand/icon.svg"  # the settings page prepends a slash
PORTRAIT = "brand/adviser"
SCHEMES = {scheme.name: scheme for scheme in (LIGHT, DARK)}


class ColorField(forms.CharField):
    """`#rrggbb` with sufficient contrast to every colour it is used with."""

    default_validators = [RegexValidator(r"\A#[0-9a-f]{6}\Z", gettext_lazy("Write a colour as #rrggbb."))]

    def __init__(self, *, scheme: str, role: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scheme, self.role = SCHEMES[scheme], role

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).lower()

    def run_validators(self, value: Any) -> None:
        """Raises ValidationError with each failing pair, its contrast ratio and the nearest valid colour."""
        super().run_validators(value)
        found = unreadable_pairs(self.role, self.scheme, value)
        if found:
            way_out = nearest_readable(self.role, self.scheme, value)
            words = _("%(pairs)s. The nearest readable colour is %(color)s.")
            raise ValidationError(words % {"pairs": "; ".join(map(in_words, found)), "color": way_out})


def in_words(pair: Pair) -> str:
    """`Links on cards: #777777 on #ffffff is 4.47:1, needed is 4.5:1`, in the active language."""
    return _("%(what)s: %(front)s on %(back)s is %(found)s:1, needed is %(least)s:1") % {
        "what": _(pair.what),
        "front": pair.front,
        "back": pair.back,
        "found": number_format(pair.found),
        "least": number_format(f"{pair.least:g}"),
    }


class LanguageField(forms.ChoiceField):
    """A language of the product."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=settings.LANGUAGES, **kwargs)


class LinksField(forms.CharField):
    """Links, one per line."""

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        try:
            links.read_links(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class LogoInput(forms.ClearableFileInput):
    """A file input for a logo that is stored as text: the admin's own widget needs a file with a URL."""

    template_name = "branding/logo_input.html"

    def is_initial(self, value: Any) -> bool:
        return value in (OWN, PORTRAIT)

    def format_value(self, value: Any) -> Any:
        return f"/{value}"


class LogoField(forms.FileField):
    """A PNG, WebP or safe SVG, stored as text in the settings, which every process reads."""

    widget = LogoInput

    def clean(self, data: Any, initial: Any = None) -> str:
        """The text to store: the new file, '' if the logo was cleared, else `initial`."""
        cleaned = super().clean(data, initial)
        if isinstance(cleaned, UploadedFile):
            return self.read(cleaned)
        return cleaned or ""

    def read(self, file: "UploadedFile[Any]") -> str:
        """The uploaded logo as text. Raises ValidationError if the file is not a valid logo."""
        if (file.size or 0) > logo.MOST_BYTES:
            words = _("A logo may have %(most)s kB at most.")
            raise ValidationError(words % {"most": logo.MOST_BYTES // 1000})
        try:
            found = logo.parse_logo(file.read())
            drawing.drawn_mark(found, 32)
        except ValueError as error:
            raise ValidationError(_(str(error))) from error
        return found.stored()

    def prepare_value(self, value: Any) -> Any:
        """The URL of the current logo, instead of its 20 kB of text."""
        return OWN if value else OURS


class PortraitField(LogoField):
    """The picture of a person: as a logo, and nothing is shown where there is none."""

    def prepare_value(self, value: Any) -> Any:
        return PORTRAIT if value else ""
