from itertools import product

import pytest

from assessments.qualification import Contact, lead_quality

FIELDS = ("email", "first_name", "last_name", "company", "phone")
EVERY_COMBINATION = [
    Contact(**dict(zip(FIELDS, given, strict=True))) for given in product((None, "x"), repeat=len(FIELDS))
]
BRIEFING = "executive_briefing_qualified"


def expected(contact: Contact, total: int) -> str | None:
    """The rule of the product, written a second time as a table of what is filled in."""
    filled = {field for field in FIELDS if getattr(contact, field)}
    if "email" not in filled:
        return None
    if filled == set(FIELDS) or total < 60:
        return BRIEFING
    return "enhanced" if filled & {"first_name", "last_name"} and "company" in filled else "basic"


@pytest.mark.parametrize("total", [0, 59, 60, 61, 100])
@pytest.mark.parametrize("contact", EVERY_COMBINATION, ids=str)
def test_every_combination_of_fields_has_its_quality(contact: Contact, total: int) -> None:
    assert lead_quality(contact, total) == expected(contact, total)


@pytest.mark.parametrize(
    ("contact", "total", "quality"),
    [
        (Contact(), 10, None),
        (Contact(first_name="Ada", company="Engines", phone="1"), 10, None),
        (Contact(email="a@b.io"), 60, "basic"),
        (Contact(email="a@b.io"), 59, BRIEFING),
        (Contact(email="a@b.io", company="Engines"), 60, "basic"),
        (Contact(email="a@b.io", first_name="Ada"), 60, "basic"),
        (Contact(email="a@b.io", first_name="Ada", company="Engines"), 60, "enhanced"),
        (Contact(email="a@b.io", last_name="Lovelace", company="Engines"), 60, "enhanced"),
        (Contact("a@b.io", "Ada", "Lovelace", "Engines", None), 100, "enhanced"),
        (Contact("a@b.io", "Ada", "Lovelace", "Engines", "+44 1"), 100, BRIEFING),
    ],
)
def test_these_leads_are_as_good_as_sales_says(contact: Contact, total: int, quality: str | None) -> None:
    assert lead_quality(contact, total) == quality


def test_an_empty_text_is_no_contact_detail() -> None:
    assert lead_quality(Contact(email="", company="Engines"), 10) is None
