"""Whose form this is and what it offers next, as results, mails and the report say it."""

from dataclasses import dataclass

from branding.brand import current
from branding.palette import DEFAULT_LIGHT


@dataclass(frozen=True, slots=True)
class House:
    """`accent` (links) and `chart`: `#rrggbb`, seen on white; `calendar_link` is '' where there is none."""

    name: str
    accent: str
    calendar_link: str
    chart: str = DEFAULT_LIGHT.accent


def house() -> House:
    """The brand as operators set it."""
    brand = current()
    return House(
        name=brand.name,
        accent=brand.light.primary,
        calendar_link=brand.calendar_link,
        chart=brand.light.accent,
    )


def calendar_link(*, briefing: bool) -> str:
    """Where to choose a time for the briefing; '' for whoever does not qualify, or without such a link."""
    return house().calendar_link if briefing else ""
