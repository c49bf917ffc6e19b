"""The call to action of a result: what it offers, with whom, and the ways to get there."""

from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from branding.adviser import Adviser
from branding.brand import Brand
from scorecard.definition import Band

CALL_BACK = "#details"  # the contact form of the result page, where one asks for a call


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the operator: a button with its link. `typed`: an address or number as people write it."""

    label: str
    link: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """Texts and ways, the best way first. `line`: the offer in one line."""

    title: str
    text: str
    line: str
    adviser: Adviser
    ways: tuple[Way, ...]

    @property
    def first(self) -> Way:
        return self.ways[0]

    @property
    def others(self) -> tuple[Way, ...]:
        return self.ways[1:]

    @property
    def links(self) -> tuple[Way, ...]:
        """The ways that work on paper and in mails."""
        return tuple(way for way in self.ways if way.link != CALL_BACK)


def next_step(band: Band, brand: Brand, total: int | None = None) -> NextStep:
    """What follows from a result in `band`: as its author wrote it, else in the product's words.

    There is always a way: without calendar, address and number one asks to be called.
    """
    call = band.call_to_action
    own = (Way(call.label, call.link),) if call and call.link else ()
    return NextStep(
        title=call.title if call else _("Talk through your result"),
        text=(call.text if call else "")
        or _("We go through your result together and agree on the first step. No need to prepare."),
        line=line_of(brand.adviser),
        adviser=brand.adviser,
        ways=(*own, *ways_of(brand, total)),
    )


def line_of(adviser: Adviser) -> str:
    values = {"minutes": adviser.minutes, "name": adviser.name}
    if adviser.name:
        return _("%(minutes)s minutes with %(name)s, free of charge") % values
    return _("A conversation of %(minutes)s minutes, free of charge") % values


def ways_of(brand: Brand, total: int | None) -> tuple[Way, ...]:
    """Calendar, mail and telephone, as far as they are set, and the call back."""
    score = _("My result: %(score)s of 100") % {"score": total} if total is not None else brand.name
    subject = urlencode({"subject": score}).replace("+", "%20")
    found = (
        Way(_("Choose a time"), brand.calendar_link),
        Way(_("Write to us"), brand.contact and f"mailto:{brand.contact}?{subject}", brand.contact),
        Way(_("Call us"), brand.adviser.phone_link, brand.adviser.phone),
        Way(_("Ask us to call you"), CALL_BACK),
    )
    return tuple(way for way in found if way.link)
