"""Results of several questionnaires of one person: each has properties of its own."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from assessments.lifecycle.address_proof import prove
from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory, VersionFactory
from encryption.email_addresses import address_hash
from hubspot_sync.account.setup import set_up_account
from hubspot_sync.delivery.enqueue import enqueue
from hubspot_sync.delivery.lead_reader import configured_destination
from hubspot_sync.delivery.mapping import deal_name
from hubspot_sync.reconciliation.compare import compare_leads
from hubspot_sync.tests.conftest import Account
from hubspot_sync.tests.test_mapping import ADA
from scorecard import versions
from scorecard.content.questions import QuestionContent
from scorecard.definition import Definition, HubSpotProperties, Section, freeze, parse
from scorecard.models import QuestionnaireVersion, QuestionType
from scorecard.tests.builders import four_areas as sample

pytestmark = pytest.mark.django_db

ADDRESS = "carla@customer.example"


def other(hubspot: HubSpotProperties, **parts: Any) -> QuestionnaireVersion:
    """Another live questionnaire, with this mapping."""
    content = replace(sample(), key="security", hubspot=hubspot, **parts)
    made: QuestionnaireVersion = VersionFactory.create(content=content)
    versions.clear_caches()
    return made


def finish(version: QuestionnaireVersion, **details: Any) -> Assessment:
    lead = AssessmentFactory.create(version=version, email=ADDRESS, **details)
    enqueue(lead)
    return lead


def contact(account: Account) -> dict[str, str]:
    (found,) = (each for each in account.contacts if each["email"] == ADDRESS)
    return found


def set_up(account: Account) -> list[str]:
    return [str(step) for step in set_up_account(account.client, configured_destination())]


def test_a_prefix_gives_a_questionnaire_properties_of_its_own(
    account: Account, version: QuestionnaireVersion
) -> None:
    second = other(HubSpotProperties(prefix="security"))
    assert "contacts property security_score: created" in set_up(account)
    finish(version, answers="A")
    account.deliver()
    finish(second, answers="E")
    account.deliver()
    held = contact(account)
    assert (held["ai_assessment_score"], held["security_score"]) == ("100", "0")
    assert held["security_lead_quality"]


def test_both_results_arrive_when_they_are_sent_together(
    account: Account, version: QuestionnaireVersion
) -> None:
    second = other(HubSpotProperties(prefix="security"))
    set_up(account)
    finish(version, answers="A")
    finish(second, answers="E")
    account.deliver()
    held = contact(account)
    assert (held["ai_assessment_score"], held["security_score"]) == ("100", "0")


def test_the_newer_of_two_results_of_one_questionnaire_counts(
    account: Account, version: QuestionnaireVersion
) -> None:
    second = other(HubSpotProperties(prefix="security"))
    set_up(account)
    finish(second, answers="E")
    finish(second, answers="A")
    finish(version, answers="C")
    account.deliver()
    assert contact(account)["security_score"] == "100"


def test_without_a_mapping_nothing_of_another_questionnaire_is_overwritten(
    account: Account, version: QuestionnaireVersion
) -> None:
    second = other(HubSpotProperties())
    set_up(account)
    finish(version, answers="A")
    account.deliver()
    finish(second, answers="E")
    account.deliver()
    assert contact(account)["ai_assessment_score"] == "100"


def test_an_answer_goes_where_its_question_says(account: Account, version: QuestionnaireVersion) -> None:
    content = sample()
    section: Section = content.sections[0]
    asked = replace(section.questions[0], hubspot_property="role_in_company")
    first = replace(section, questions=(asked, *section.questions[1:]))
    second = other(HubSpotProperties(), sections=(first, *content.sections[1:]))
    set_up(account)
    finish(second, answers="A")
    account.deliver()
    assert contact(account)["role_in_company"] == asked.options[0].label


def asking_for(name: str) -> QuestionnaireVersion:
    """A live questionnaire with an answer that goes to this property."""
    content = sample()
    section: Section = content.sections[0]
    first = replace(
        section, questions=(replace(section.questions[0], hubspot_property=name), *section.questions[1:])
    )
    return other(HubSpotProperties(prefix="security"), sections=(first, *content.sections[1:]))


@pytest.mark.parametrize("is_proven", [False, True])
def test_an_answer_overwrites_what_sales_wrote_for_a_proven_address_only(
    account: Account, version: QuestionnaireVersion, is_proven: bool
) -> None:
    second = asking_for("role_in_company")
    set_up(account)
    known = {"email": ADDRESS, "role_in_company": "CFO"}
    account.client.call("POST", "/crm/v3/objects/contacts", {"properties": known})
    lead = finish(second, answers="A")
    if is_proven:
        prove([lead], address_hash(ADDRESS), session_id=lead.session_id)
    account.deliver()
    held = contact(account)
    assert (held["role_in_company"] == "CFO") is not is_proven
    assert ("role_in_company: " in held.get("ai_details_given", "")) is not is_proven
    to = configured_destination(account.client.account())
    assert compare_leads(account.client, to, "").findings == ()


def test_the_newest_answer_counts_where_the_property_is_ours(
    account: Account, version: QuestionnaireVersion
) -> None:
    second = asking_for("security_role")
    set_up(account)
    for option in "AE":
        finish(second, answers=option)
        account.deliver()
    held = contact(account)
    assert held["security_role"] == sample().sections[0].questions[0].options[-1].label


def test_no_answer_is_an_address_or_a_name(account: Account, version: QuestionnaireVersion) -> None:
    second = asking_for("email")
    set_up(account)
    finish(second, answers="A")
    account.deliver()
    assert account.addresses == {ADDRESS}
    with pytest.raises(ValidationError):
        QuestionContent(key="k", text="t", type=QuestionType.TEXT, hubspot_property="email")


def test_the_nightly_comparison_finds_no_difference(account: Account, version: QuestionnaireVersion) -> None:
    second = other(HubSpotProperties(prefix="security"))
    set_up(account)
    finish(version, answers="A")
    finish(second, answers="E")
    account.deliver()
    assert compare_leads(account.client, configured_destination(account.client.account()), "").findings == ()


def test_a_lead_comes_from_its_questionnaire(account: Account, version: QuestionnaireVersion) -> None:
    second = other(HubSpotProperties(lead_source="Security page"))
    set_up(account)
    finish(second, answers="A")
    account.deliver()
    assert contact(account)["lead_source"] == "Security page"


def test_a_lead_comes_from_the_name_of_its_questionnaire_where_nothing_else_is_said(
    account: Account, version: QuestionnaireVersion, settings: Any
) -> None:
    settings.DEFAULT_QUESTIONNAIRE, settings.HUBSPOT_LEAD_SOURCE = "security", ""
    second = other(HubSpotProperties())
    set_up(account)
    finish(second, answers="A")
    account.deliver()
    assert contact(account)["lead_source"] == second.definition["name"]


def test_a_deal_is_called_as_the_questionnaire_says() -> None:
    lead = replace(ADA, deal_name="{questionnaire}: {company} ({category}, {score})")
    named = replace(lead, names={"questionnaire": "Security", "category": "Good"})
    assert deal_name(named) == "Security: Engines (Good, 42)"


def test_a_deal_without_a_score_names_none() -> None:
    assert deal_name(replace(ADA, total_score=None)) == "Executive briefing: Engines"


def test_an_older_definition_reads_as_before() -> None:
    content: Definition = replace(sample(), hubspot=HubSpotProperties(score="their_score"))
    assert parse(freeze(content)) == content
