"""Who talks a result through with its owner, and the ways to reach them: settings of the operator."""

from dataclasses import dataclass
from typing import Any

from branding import logo as pictures
from branding.logo import Logo
from web import gettext_noop as _

# name -> (default, help, type of field)
DEFAULTS: dict[str, tuple[Any, str, Any]] = {
    "ADVISER_NAME": (
        "",
        _("Who talks a result through with its owner, as shown: Jane Doe, Partner."),
        "words",
    ),
    "ADVISER_PICTURE": ("", _("A portrait: square PNG or WebP, 20 kB at most."), "portrait"),
    "ADVISER_MINUTES": (30, _("How long that conversation takes."), "minutes"),
    "ADVISER_OFFER": ("", _("What one gets of it, one thing a line, three at most."), "lines"),
    "ADVISER_PHONE": ("", _("Telephone number that is offered beside or instead of a calendar."), "words"),
}
SETTINGS = tuple(DEFAULTS)
MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class Adviser:
    """Texts may be ''. `offer`: what one gets, up to three lines."""

    name: str = ""
    picture: Logo | None = None
    minutes: int = 30
    offer: tuple[str, ...] = ()
    phone: str = ""

    @property
    def phone_link(self) -> str:
        """`tel:` and the digits; '' without a number."""
        digits = "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")
        return f"tel:{digits}" if digits else ""


NOBODY = Adviser()


def read_adviser(name: str, picture: str, minutes: int, offer: str, phone: str) -> Adviser:
    """Build an adviser from the values of SETTINGS, in their order."""
    lines = tuple(line.strip() for line in offer.splitlines() if line.strip())[:MOST_LINES]
    return Adviser(name.strip(), pictures.stored_logo(picture), int(minutes), lines, phone.strip())
