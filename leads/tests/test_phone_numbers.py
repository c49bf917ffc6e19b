"""What a phone number tells a caller."""

import pytest

from leads.phone_numbers import flag, phone_number


@pytest.mark.parametrize(
    ("text", "language", "link", "country", "zones"),
    [
        ("+44 20 7946 0000", "en", "tel:+44-20-7946-0000", "GB", ("Europe/London",)),
        ("030 901820", "de", "tel:+49-30-901820", "DE", ("Europe/Berlin",)),
        ("0049 30 901820", "de", "tel:+49-30-901820", "DE", ("Europe/Berlin",)),
        ("030 901820", "en", "tel:030901820", "", ()),
        ("+49 30 901820 x42", "de", "tel:+49-30-901820;ext=42", "DE", ("Europe/Berlin",)),
        ("call me", "en", "tel:", "", ()),
    ],
)
def test_a_number_tells_its_country_and_its_time(
    text: str, language: str, link: str, country: str, zones: tuple[str, ...]
) -> None:
    number = phone_number(text, language)
    assert (number.link, number.country, number.zones) == (link, country, zones)


def test_a_country_has_a_flag() -> None:
    assert flag("DE") == "🇩🇪"
    assert flag("") == ""
