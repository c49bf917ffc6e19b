"""Whose form this is and what it offers next, as results, mails and the report say it."""

from dataclasses import dataclass

from constance import config


@dataclass(frozen=True, slots=True)
class House:
    """`accent` is `#rrggbb`, readable on white; `calendar_link` is '' where there is none."""

    name: str
    accent: str
    calendar_link: str


def house() -> House:
    """The brand as operators set it."""
    return House(
        name=getattr(config, "BRAND_NAME", "Reality Check"),
        accent=getattr(config, "BRAND_PRIMARY_LIGHT", "#0b5c57"),
        calendar_link=getattr(config, "BRAND_CALENDAR_LINK", ""),
    )


def calendar_link(*, briefing: bool) -> str:
    """Where to choose a time for the briefing; '' for whoever does not qualify, or without such a link."""
    return house().calendar_link if briefing else ""
