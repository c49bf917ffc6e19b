"""The operator's brand as one value, for pages, mails and reports."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from constance import config
from django.conf import settings
from django.db import Error

from branding import adviser as advisers
from branding import logo as logos
from branding.adviser import NOBODY, Adviser
from branding.links import Link, read_links
from branding.logo import Logo
from branding.palette import DARK, DEFAULT_DARK, DEFAULT_LIGHT, LIGHT, Tones, css, derive_tones

SETTINGS = (
    *("BRAND_NAME", "BRAND_LOGO", "BRAND_PRIMARY_LIGHT", "BRAND_PRIMARY_DARK", "BRAND_ACCENT_LIGHT"),
    *("BRAND_ACCENT_DARK", "BRAND_CONTACT", "BRAND_CALENDAR_LINK", "BRAND_POSTAL_ADDRESS"),
    "BRAND_FOOTER_LINKS",
    *advisers.SETTINGS,
)


@dataclass(frozen=True, slots=True)
class Brand:
    """The brand; every text except the name may be ''. `version` is a hash of all values, for caches."""

    name: str
    logo: Logo | None
    light: Tones
    dark: Tones
    contact: str  # an e-mail address
    calendar_link: str
    postal_address: str
    footer_links: tuple[Link, ...]
    version: str
    adviser: Adviser = NOBODY

    @property
    def stylesheet(self) -> str:
        """The CSS of the brand's colours; '' for the colours of site.css."""
        return css(self.light, self.dark)


def current_brand() -> Brand:
    """The brand from the settings snapshot; during a database outage, the last one loaded."""
    try:
        found = brand_from_values(tuple(getattr(config, name) for name in SETTINGS), settings.POSTAL_ADDRESS)
    except Error:
        return last_brand()
    _last[:] = [found]
    return found


def last_brand() -> Brand:
    """The last brand loaded by this process, or the default one. No I/O."""
    return _last[0] if _last else UNSET


_last: list[Brand] = []


@lru_cache(maxsize=4)
def brand_from_values(values: tuple[Any, ...], postal_address: str) -> Brand:
    """Build a brand from the values of SETTINGS, which were validated when they were saved."""
    own = len(values) - len(advisers.SETTINGS)
    name, logo, *colors, contact, calendar, postal, links = values[:own]
    primary_light, primary_dark, accent_light, accent_dark = colors
    return Brand(
        name=name,
        logo=logos.stored_logo(logo),
        light=derive_tones(LIGHT, primary_light, accent_light),
        dark=derive_tones(DARK, primary_dark, accent_dark),
        contact=contact,
        calendar_link=calendar,
        postal_address=postal or postal_address,
        footer_links=read_links(links),
        version=hashlib.sha256(repr(values).encode()).hexdigest()[:12],
        adviser=advisers.read_adviser(*values[own:]),
    )


UNSET = Brand("Reality Check", None, DEFAULT_LIGHT, DEFAULT_DARK, "", "", "", (), "unset")
