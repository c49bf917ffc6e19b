"""What people agree to: kept for good, asked apart, taken back as easily as given."""

import pytest
from constance.test import override_config
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from assessments.lifecycle import consents
from assessments.models import Assessment, Consent, ConsentSource, Purpose
from assessments.tests.browsing import answer_step, finish, give_address, start
from assessments.tests.test_api import Caller, all_answers, error
from encryption.email_addresses import address_hash
from hubspot_sync.delivery.lead_reader import configured_destination, read_leads
from hubspot_sync.delivery.mapping import contact_properties
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.usefixtures("version")

ADDRESS = "ada@engines.example"


def said() -> list[tuple[str, bool, str]]:
    return list(Consent.objects.order_by("pk").values_list("purpose", "given", "source"))


def agree(*purposes: Purpose, given: bool = True) -> None:
    consents.record_choices(ADDRESS, dict.fromkeys(purposes, given), ConsentSource.API)


def test_a_line_says_which_words_stood_there(db: None) -> None:
    agree(Purpose.MARKETING)
    line = Consent.objects.get()
    assert (line.text, line.text_version) == (consents.consent_text(Purpose.MARKETING), consents.TEXT_VERSION)
    assert line.recorded_at


def test_nobody_changes_a_line(db: None) -> None:
    agree(Purpose.MARKETING)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Consent.objects.update(given=False)


def test_taking_back_is_a_line_of_its_own(db: None) -> None:
    agree(Purpose.MARKETING)
    agree(Purpose.MARKETING, given=False)
    assert [given for _, given, _ in said()] == [True, False]
    assert consents.current_choices(ADDRESS) == {Purpose.MARKETING: False}


def test_saying_the_same_again_adds_nothing(db: None) -> None:
    agree(Purpose.MARKETING)
    agree(Purpose.MARKETING)
    assert len(said()) == 1


def test_no_line_holds_an_address(db: None) -> None:
    agree(Purpose.MARKETING)
    assert ADDRESS not in str(Consent.objects.values().get())


def test_nothing_is_ticked_beforehand(client: Client, definition: Definition, settings: Settings) -> None:
    settings.MAIL_IS_SET_UP = True
    answer_all(client, definition)
    page = client.get(reverse("assessments:address")).content.decode()
    assert page.count('name="consent"') == 2
    assert " checked" not in page


def answer_all(client: Client, definition: Definition) -> None:
    start(client)
    for step in range(1, definition.total_steps + 1):
        answer_step(client, definition, step, "B")


def test_a_ticked_box_beside_the_address_is_recorded(client: Client, definition: Definition) -> None:
    answer_all(client, definition)
    give_address(client, ADDRESS, consent="marketing")
    assert said() == [("marketing", True, "step")]


def test_skipping_the_address_records_no_consent(client: Client, definition: Definition) -> None:
    answer_all(client, definition)
    give_address(client, ADDRESS, consent="marketing", direction="skip")
    assert said() == []


def test_an_address_without_a_tick_agrees_to_nothing(client: Client, definition: Definition) -> None:
    answer_all(client, definition)
    give_address(client, ADDRESS)
    assert said() == []


def test_a_tick_without_an_address_is_nobodys(client: Client, definition: Definition) -> None:
    answer_all(client, definition)
    give_address(client, consent="marketing")
    assert said() == []


def test_an_invented_purpose_is_none(client: Client, definition: Definition) -> None:
    answer_all(client, definition)
    give_address(client, ADDRESS, consent="everything")
    assert said() == []


def test_the_result_page_asks_too(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "B")
    client.post(
        reverse("assessments:contact", args=[assessment.pk]),
        {"email": ADDRESS, "consent": ["marketing", "result"]},
    )
    assert sorted(said()) == [("marketing", True, "results"), ("result", True, "results")]


# The API


def test_a_start_tells_the_words_to_show(version: QuestionnaireVersion, settings: Settings) -> None:
    settings.MAIL_IS_SET_UP = True
    asked = Caller().post("start").json()["consents"]
    ours = consents.consent_text(Purpose.MARKETING, version=version.pk)
    assert ours != consents.consent_text(Purpose.MARKETING)
    assert asked == [
        {
            "purpose": Purpose.RESULT,
            "text": consents.consent_text(Purpose.RESULT),
            "version": consents.TEXT_VERSION,
        },
        {"purpose": Purpose.MARKETING, "text": ours, "version": "v1"},
    ]


def test_a_program_passes_on_what_was_agreed_to(definition: Definition) -> None:
    caller = Caller()
    caller.post("start")
    body = {"step": 1, "responses": {}, "contact": {"email": ADDRESS}, "consents": {"followUp": True}}
    assert caller.post("save-progress", body).status_code == 200
    caller.post("submit", {"responses": all_answers(definition, "B"), "consents": {"followUp": False}})
    assert said() == [("follow_up", True, "api"), ("follow_up", False, "api")]


def test_a_program_that_knows_nothing_of_consents_works_as_before(definition: Definition) -> None:
    caller = Caller()
    caller.post("start")
    answers = {"responses": all_answers(definition, "B"), "contact": {"email": ADDRESS}}
    assert caller.post("submit", answers).status_code == 200
    assert said() == []


def test_consent_without_an_address_is_refused_in_words() -> None:
    caller = Caller()
    caller.post("start")
    answer = caller.post("save-progress", {"step": 1, "responses": {}, "consents": {"marketing": True}})
    assert answer.status_code == 422
    assert error(answer)["details"]["fields"] == {"consents": "Consent needs an e-mail address in contact."}


# What HubSpot is told


def test_whoever_was_not_asked_is_sent_as_the_first_page_says(hot_lead: Assessment) -> None:
    assert list(read_leads([hot_lead])) == [hot_lead.pk]


def test_whoever_objects_is_not_sent(hot_lead: Assessment) -> None:
    agree(Purpose.FOLLOW_UP, given=False)
    assert read_leads([hot_lead]) == {}


def test_where_consent_is_needed_only_who_gave_it_is_sent(hot_lead: Assessment) -> None:
    with override_config(HUBSPOT_NEEDS_CONSENT=True):
        assert read_leads([hot_lead]) == {}
        agree(Purpose.FOLLOW_UP)
        assert list(read_leads([hot_lead])) == [hot_lead.pk]


def test_marketing_goes_to_hubspot_only_where_a_property_is_named(
    hot_lead: Assessment, settings: Settings
) -> None:
    agree(Purpose.MARKETING)
    [lead] = read_leads([hot_lead]).values()
    assert "true" not in contact_properties(lead, configured_destination()).values()
    settings.HUBSPOT_CONSENT_PROPERTIES = {"marketing": "newsletter"}
    assert contact_properties(lead, configured_destination())["newsletter"] == "true"


def test_hubspot_hears_of_an_objection_and_of_nothing_else(hot_lead: Assessment, settings: Settings) -> None:
    settings.HUBSPOT_CONSENT_PROPERTIES = {"marketing": "newsletter"}
    hot_lead.hubspot_contact_id = "51"
    agree(Purpose.FOLLOW_UP, Purpose.MARKETING, given=False)
    [lead] = read_leads([hot_lead]).values()
    assert contact_properties(lead, configured_destination()) == {"email": ADDRESS, "newsletter": "false"}


# Whose word counts for what


def agree_in(assessment: Assessment, purpose: Purpose, *, given: bool = True) -> None:
    """Somebody who typed the address says so in this assessment."""
    consents.record_choices(ADDRESS, {purpose: given}, ConsentSource.STEP, assessment=assessment.pk)


def test_a_stranger_cannot_keep_another_persons_lead_from_hubspot(definition: Definition) -> None:
    stranger, ada = Client(), Client()
    start(stranger)
    answer_step(stranger, definition, 1, "B", email=ADDRESS)
    theirs = Assessment.objects.get()
    consents.record_choices(
        ADDRESS, {Purpose.FOLLOW_UP: False}, ConsentSource.PRIVACY_PAGE, assessment=theirs.pk
    )
    own = finish(ada, definition, "D", email=ADDRESS)
    assert list(read_leads([theirs, own])) == [own.pk]


def test_a_stranger_cannot_undo_an_objection(hot_lead: Assessment) -> None:
    agree(Purpose.FOLLOW_UP, given=False)
    agree_in(hot_lead, Purpose.FOLLOW_UP)
    assert read_leads([hot_lead]) == {}


def test_what_was_typed_counts_in_the_assessment_it_was_typed_in(
    hot_lead: Assessment, cold_lead: Assessment
) -> None:
    agree_in(hot_lead, Purpose.RESULT)
    assert consents.current_choices(ADDRESS, hot_lead.pk) == {Purpose.RESULT: True}
    assert consents.current_choices(ADDRESS, cold_lead.pk) == {}
    assert consents.current_choices(ADDRESS) == {}


def test_nobody_agrees_to_marketing_by_typing_an_address(hot_lead: Assessment) -> None:
    agree_in(hot_lead, Purpose.MARKETING)
    assert consents.current_choices(ADDRESS, hot_lead.pk) == {}
    agree(Purpose.MARKETING)
    assert consents.current_choices(ADDRESS, hot_lead.pk) == {Purpose.MARKETING: True}


def test_an_objection_in_an_assessment_counts_there_whatever_was_agreed_to(hot_lead: Assessment) -> None:
    agree(Purpose.FOLLOW_UP)
    agree_in(hot_lead, Purpose.FOLLOW_UP, given=False)
    assert read_leads([hot_lead]) == {}


def test_once_the_address_is_gone_no_line_leads_to_the_assessment(hot_lead: Assessment) -> None:
    agree_in(hot_lead, Purpose.RESULT)
    line = Consent.objects.get()
    assert str(hot_lead.pk) not in str(Consent.objects.values().get())
    assert line.scope not in (address_hash("", hot_lead.pk), line.address_hash)
