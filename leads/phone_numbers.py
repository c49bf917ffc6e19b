"""Country and time zone of a phone number, and its link. Pure."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import timezone

UNKNOWN_ZONE = "Etc/Unknown"
HOME = {"de": "DE", "en": None}  # where a number without its country is, by language


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """`link`: for a phone to dial; `country`: two letters, '' if unknown; `zones`: IANA names."""

    link: str
    country: str = ""
    zones: tuple[str, ...] = ()


def phone_number(text: str, language: str = "") -> PhoneNumber:
    """Read a number as people write it; an unreadable one keeps its digits and has no country."""
    try:
        number = phonenumbers.parse(text, HOME.get(language[:2]))
    except phonenumbers.NumberParseException:
        return PhoneNumber("tel:" + re.sub(r"[^\d+]", "", text))
    zones = tuple(zone for zone in timezone.time_zones_for_number(number) if zone != UNKNOWN_ZONE)
    country = phonenumbers.region_code_for_number(number) or ""
    if country == "001":  # a number of no country
        country = ""
    link = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.RFC3966)
    return PhoneNumber(link, country, zones)


def flag(country: str) -> str:
    """The flag of a country as an emoji: its two letters as regional indicators."""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in country)
