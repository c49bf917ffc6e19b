"""An e-mail address is one address, however it is written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Assessment, AssessmentSession
from assessments.tests.factories import SessionFactory
from assessments.web.contact_form import PlainTextField, fold_phone, read_contact
from scorecard.models import QuestionnaireVersion


def test_an_assessment_is_found_by_its_address_however_it_is_written(
    hot_lead: Assessment, cold_lead: Assessment
) -> None:
    assert list(Assessment.objects.of_address(" Ada@Engines.EXAMPLE")) == [hot_lead]


def test_several_addresses_are_asked_for_at_once(hot_lead: Assessment, cold_lead: Assessment) -> None:
    found = Assessment.objects.of_address("ada@engines.example", "grace@compilers.example")
    assert set(found) == {hot_lead, cold_lead}


def test_nobody_is_found_by_an_address_that_nobody_left(erased_lead: Assessment) -> None:
    assert not Assessment.objects.of_address("ada@engines.example", "").exists()


def test_an_open_assessment_is_found_as_well(version: QuestionnaireVersion) -> None:
    session = SessionFactory.create(version=version, email="ada@engines.example")
    assert list(AssessmentSession.objects.of_address("ADA@engines.example")) == [session]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+1 (555) 010-0199 ext. 42", "+1 (555) 010-0199 x42"),
        ("+49 30 1234 Durchwahl 5", "+49 30 1234 x5"),
        ("020 7946\u20130018", "020 7946-0018"),
        ("+49\u201130\u2011123456", "+49-30-123456"),
        ("tel:+4930123456", "+4930123456"),
        *(("+1 555 0100,42", "+1 555 0100 x42"), ("+1 555 0100 #42", "+1 555 0100 x42")),
        *(("+1 555 0100;42", "+1 555 0100 x42"), ("tel:+1-555-0100;ext=42", "+1-555-0100 x42")),
        ("\u0660\u0663\u0660\u0661\u0662\u0663", "030123"),
        ("\uff0b\uff18\uff11 3 1234", "+81 3 1234"),
        *(("1-800-FLOWERS", "1-800-FLOWERS"), ("+49/30.1234 x42", "+49/30.1234 x42")),
        *(("\u202a+49 30 1\u202c", "+49 30 1"), ("call me", None), ("", None), ("\ud800", None)),
        ("9" * 100, "9" * 60),
    ],
)
def test_a_phone_number_is_folded_and_never_refused(typed: str, stored: str | None) -> None:
    assert read_contact({"phone": typed}) == {"phone": stored}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("www.example GmbH", "example GmbH"),
        ("https://www.engines.example/offers?id=7", "engines.example"),
        ("Buy at HTTP://evil.example/now please", "Buy at evil.example please"),
        ("Amazon.com", "Amazon.com"),
        ("R&D / Labs", "R&D / Labs"),
        ("https://", None),
        ("-ftp://engines.example/x", "-engines.example"),
    ],
)
def test_a_company_with_a_link_stops_no_form(typed: str, stored: str | None) -> None:
    assert read_contact({"company": typed}) == {"company": stored}


@pytest.mark.parametrize("part", ["x", "x.", "a-", "www.", "+"])
def test_a_text_as_long_as_a_form_may_be_is_read_in_no_time(part: str) -> None:
    text, began = (part * 200_000)[:200_000], time.process_time()
    PlainTextField().to_python(text)
    assert time.process_time() - began < 2


@given(st.text(max_size=80))
def test_no_text_in_the_phone_field_stops_a_form(text: str) -> None:
    phone = read_contact({"phone": text})["phone"]
    assert phone is None or (len(phone) <= 60 and phone == fold_phone(phone))
