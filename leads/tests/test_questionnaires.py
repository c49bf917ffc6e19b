"""Leads of several questionnaires in one list."""

import pytest
from django.urls import reverse

from accounts.tests.people import logged_in, member
from assessments.qualification import Contact
from assessments.tests.factories import AssessmentFactory, VersionFactory
from leads.briefing.reasons import reasons
from scorecard import versions
from scorecard.definition import Qualification
from scorecard.models import QuestionnaireVersion
from scorecard.tests.builders import four_areas

pytestmark = pytest.mark.django_db

LIST = reverse("admin:leads_lead_changelist")


@pytest.fixture
def other(version: QuestionnaireVersion) -> QuestionnaireVersion:
    made: QuestionnaireVersion = VersionFactory.create(content=four_areas())
    versions.clear_caches()
    return made


def page(query: str) -> str:
    return str(logged_in(member("Sales")).get(f"{LIST}?tab=all{query}").content.decode())


def test_the_list_names_the_questionnaire_where_there_are_several(
    version: QuestionnaireVersion, other: QuestionnaireVersion
) -> None:
    AssessmentFactory.create(version=other, email="ada@engines.example", answers="A")
    shown = page("")
    assert "Sample" in shown
    assert "column-questionnaire" in shown


def test_the_list_can_be_narrowed_to_one(version: QuestionnaireVersion, other: QuestionnaireVersion) -> None:
    AssessmentFactory.create(version=other, email="ada@engines.example", answers="A")
    AssessmentFactory.create(version=version, email="bob@engines.example", answers="A")
    narrowed = page("&questionnaire=sample")
    assert "ada@engines.example" in narrowed
    assert "bob@engines.example" not in narrowed


def test_what_qualifies_is_told_by_the_rule_of_the_questionnaire() -> None:
    contact = Contact(email="ada@engines.example")
    rule = Qualification(total_under=30)
    assert reasons("executive_briefing_qualified", contact, 20, rule) == ["score 20, under 30"]
    assert reasons("executive_briefing_qualified", contact, 50, rule) == ["answers that qualify"]
