"""The privacy page, as the prospect meets it."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as product
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.lifecycle import consents
from assessments.models import Assessment, Consent, ConsentSource, PrivacyLink, Purpose
from assessments.tests.browsing import finish
from assessments.tests.factories import ADA, AssessmentFactory
from hubspot_sync.models import HubSpotErasure, SyncQueueItem
from mailings.models import Mail
from privacy.clearing.due import model_of_table
from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import DataClass
from privacy.requests.erasure import erase
from privacy.requests.erasure_status import answer_due
from privacy.requests.person import BY_ADDRESS, Person, assessment_field, by_address, by_link, rows_about
from privacy.requests.personal_data import export_document
from scorecard.definition import Definition

pytestmark = pytest.mark.django_db

ADDRESS = ADA["email"]
YOURS = "/privacy/yours/"


def open_for(client: Client, assessment: Assessment, address: str | None = ADDRESS) -> str:
    """The browser has a key to this assessment; its page as text."""
    token = PrivacyLink.objects.make(assessment, address=address)
    response = client.get(reverse("privacy:open", args=[token]), follow=True)
    assert token not in response.redirect_chain[-1][0]
    return str(response.content.decode())


def test_a_link_shows_all_that_is_held(client: Client, hot_lead: Assessment) -> None:
    page = open_for(client, hot_lead)
    assert [value for value in ADA.values() if value not in page] == []


def test_it_shows_every_assessment_of_the_address(client: Client, hot_lead: Assessment) -> None:
    AssessmentFactory.create(version=hot_lead.version, **(ADA | {"company": "Second Ltd"}))
    assert "Second Ltd" in open_for(client, hot_lead)


def test_the_page_is_kept_by_nobody_and_holds_no_key(client: Client, hot_lead: Assessment) -> None:
    token = PrivacyLink.objects.make(hot_lead, address=ADDRESS)
    assert token not in open_for(client, hot_lead)
    response = client.get(YOURS)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/privacy/yours/correct/", {"email": ADDRESS, "company": "Ada's"}),
        ("/privacy/yours/consent/", {"purpose": "marketing", "give": "1"}),
        ("/privacy/yours/erase/", {"sure": "1"}),
        ("/privacy/yours/close/", {}),
        ("/privacy/confirm/", {"give": "1"}),
    ],
)
def test_a_page_of_one_person_changes_nothing_of_the_next(
    client: Client, hot_lead: Assessment, cold_lead: Assessment, path: str, data: dict[str, str]
) -> None:
    """Two tabs on a shared machine: the cookie holds the key that was opened last."""
    marks = re.findall(r'name="page" value="(\w+)"', open_for(client, hot_lead))
    open_for(client, cold_lead, "grace@compilers.example")
    answer = client.post(path, {**data, "page": marks[0]})
    assert answer.status_code == 409
    assert "We changed nothing" in answer.content.decode()
    cold_lead.refresh_from_db()
    assert (cold_lead.email, cold_lead.company) == ("grace@compilers.example", None)
    assert not Consent.objects.filter(purpose="marketing").exists()
    assert client.get(YOURS).status_code == 200


def test_a_page_of_one_person_downloads_nothing_of_the_next(
    client: Client, hot_lead: Assessment, cold_lead: Assessment
) -> None:
    links = re.findall(r'href="(/privacy/yours/download/[^"]+)"', open_for(client, hot_lead))
    assert len(links) == 2
    open_for(client, cold_lead, "grace@compilers.example")
    assert [client.get(link).status_code for link in links] == [409, 409]


def test_a_page_of_an_older_link_of_the_same_person_still_works(client: Client, hot_lead: Assessment) -> None:
    mark = re.findall(r'name="page" value="(\w+)"', open_for(client, hot_lead))[0]
    open_for(client, hot_lead)
    answers = [client.post("/privacy/yours/erase/", {"sure": "1", "page": mark}).status_code for _ in "12"]
    assert answers[0] == 302
    assert 409 not in answers


@pytest.mark.parametrize("ending", ["expired", "revoked", "unknown"])
def test_a_link_that_has_ended_opens_nothing(client: Client, hot_lead: Assessment, ending: str) -> None:
    open_for(client, hot_lead)
    if ending == "expired":
        PrivacyLink.objects.update(expires_at=timezone.now())
    elif ending == "revoked":
        client.post("/privacy/yours/close/")
    else:
        client.cookies[product.PRIVACY_COOKIE_NAME] = "guessed"
    response = client.get(YOURS)
    assert response.status_code == 410
    assert ADDRESS not in response.content.decode()


def test_a_damaged_link_is_explained(client: Client, db: None) -> None:
    response = client.get(reverse("privacy:open", args=["half\u200ba\u202elink"]), follow=True)
    assert response.status_code == 410
    assert client.cookies[product.PRIVACY_COOKIE_NAME].value == ""


def test_the_database_does_not_hold_the_key(hot_lead: Assessment) -> None:
    token = PrivacyLink.objects.make(hot_lead)
    assert token not in str(PrivacyLink.objects.values().get())


# From the result page


def test_the_result_page_leads_to_what_this_browser_left(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "D", email=ADDRESS)
    stranger = AssessmentFactory.create(version=assessment.version, **(ADA | {"company": "Of the true Ada"}))
    response = client.post(reverse("privacy:from_result", args=[assessment.pk]), follow=True)
    page = response.content.decode()
    assert ADDRESS in page
    assert str(stranger.company) not in page


def test_nobody_gets_a_key_to_the_assessment_of_another(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "D", email=ADDRESS)
    other = Client()
    finish(other, definition, "D")
    assert other.post(reverse("privacy:from_result", args=[assessment.pk])).status_code == 404


def test_who_only_typed_an_address_erases_nobody(client: Client, hot_lead: Assessment) -> None:
    open_for(client, hot_lead, address=None)
    client.post("/privacy/yours/erase/", {"sure": "1"})
    assert Assessment.objects.get().email == ADDRESS
    assert Mail.objects.get().kind == "privacy_link"


def test_a_key_opens_no_strangers_data_after_the_address_was_changed_to_theirs(
    client: Client, hot_lead: Assessment, cold_lead: Assessment
) -> None:
    Assessment.objects.filter(pk=cold_lead.pk).update(company="Secret Compilers")
    open_for(client, hot_lead)
    response = client.post("/privacy/yours/correct/", {"email": cold_lead.email}, follow=True)
    assert "A new link is on its way to your new address" in response.content.decode()
    assert str(cold_lead.email) not in client.get(YOURS).content.decode()


def agreed_again(client: Client, definition: Definition, **more: str) -> str:
    """The privacy page of somebody who fills in the form with an address, opened from the result page."""
    assessment = finish(client, definition, "D", email=ADDRESS, **more)
    return client.post(reverse("privacy:from_result", args=[assessment.pk]), follow=True).content.decode()


def test_from_the_result_page_one_sees_what_one_agreed_to(client: Client, definition: Definition) -> None:
    page = agreed_again(client, definition, consent="result")
    assert page.count("You agreed.") == 1
    client.post("/privacy/yours/consent/", {"purpose": "result", "give": "0"})
    page = client.get(YOURS).content.decode()
    assert (page.count("You agreed."), page.count("You said no.")) == (0, 1)


def test_who_only_typed_an_address_learns_nothing_of_what_its_owner_said(
    client: Client, definition: Definition
) -> None:
    """Neither by looking, nor by saying the same, nor by moving it to an address of their own."""
    consents.record_choices(ADDRESS, {Purpose.FOLLOW_UP: False, Purpose.MARKETING: True}, ConsentSource.STEP)
    page = agreed_again(client, definition, consent="marketing")
    assert (page.count("It counts once you confirm it"), page.count("You said no.")) == (1, 0)
    client.post("/privacy/yours/correct/", {"email": "me@x.example"})
    moved = consents.choices_in("me@x.example", Assessment.objects.get().pk)
    assert moved == {Purpose.MARKETING: True}


# Putting right


def test_a_correction_holds_in_every_assessment_and_goes_to_hubspot(
    client: Client, hot_lead: Assessment
) -> None:
    AssessmentFactory.create(version=hot_lead.version, ada=True)
    open_for(client, hot_lead)
    client.post("/privacy/yours/correct/", {**ADA, "company": "Right Ltd"})
    assert list(Assessment.objects.values_list("company", flat=True)) == ["Right Ltd"] * 2
    assert SyncQueueItem.objects.count() == 2


def test_what_was_agreed_to_holds_for_a_corrected_address(client: Client, hot_lead: Assessment) -> None:
    consents.record_choices(ADDRESS, {Purpose.FOLLOW_UP: False}, ConsentSource.API)
    open_for(client, hot_lead)
    client.post("/privacy/yours/correct/", {**ADA, "email": "ada@new.example"})
    assert consents.current_choices("ada@new.example", hot_lead.pk) == {Purpose.FOLLOW_UP: False}
    assert consents.current_choices("ada@new.example") == {}  # nobody has proven it yet


def test_a_wrong_correction_comes_back_in_words(client: Client, hot_lead: Assessment) -> None:
    open_for(client, hot_lead)
    response = client.post("/privacy/yours/correct/", {**ADA, "email": "no address"})
    assert response.status_code == 422
    assert "Please enter a full e-mail address" in response.content.decode()


# Consent


def test_consent_is_taken_back_with_one_click_and_hubspot_hears_of_it(
    client: Client, hot_lead: Assessment
) -> None:
    consents.record_choices(ADDRESS, {Purpose.MARKETING: True}, ConsentSource.STEP)
    assert "You agreed." in open_for(client, hot_lead)
    client.post("/privacy/yours/consent/", {"purpose": "marketing", "give": "0"})
    assert list(Consent.objects.order_by("pk").values_list("given", "source")) == [
        (True, "step"),
        (False, "privacy_page"),
    ]
    assert SyncQueueItem.objects.exists()


# Taking along


def test_the_download_holds_every_column_of_their_rows(client: Client, hot_lead: Assessment) -> None:
    open_for(client, hot_lead)
    response = client.get("/privacy/yours/download/json/")
    assert response["Content-Disposition"] == 'attachment; filename="my-data.json"'
    [row] = json.loads(response.content)["tables"]["assessments"]["rows"]
    assert {name: row[name] for name in ADA} == ADA
    personal = {
        name for name, column in TABLES["assessments"].columns.items() if column.kind != DataClass.PLAIN
    }
    assert personal <= set(row)


def test_the_download_can_be_read_by_people(client: Client, hot_lead: Assessment) -> None:
    open_for(client, hot_lead)
    page = client.get("/privacy/yours/download/html/").content.decode()
    assert [value for value in ADA.values() if value not in page] == []


NOBODYS = {
    "hubspot_reconciliations",  # a cursor
    "experiment_exposures",  # by a random number that no assessment knows
    "hubspot_erasures",  # begins where everything else has ended
    "login_failures",  # of staff
    "stored_files",  # unreadable without the key in `uploads`
    "lead_search_pages",  # of many people, encrypted: the database drops it when one of them goes
    *("exports", "export_batches", "export_chunks"),  # of many people, encrypted: an erasure withdraws them
}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_that_can_tell_of_a_prospect_is_reached(name: str) -> None:
    about_prospects = {DataClass.PERSONAL, DataClass.PSEUDONYMOUS, DataClass.ANSWER}
    if not about_prospects & {column.kind for column in TABLES[name].columns.values()}:
        return
    reached = name in ("assessments", "django_admin_log", "mail_stops", *BY_ADDRESS) or assessment_field(
        model_of_table(name)
    )
    assert reached or name in NOBODYS


def test_a_secret_of_ours_is_not_given_away(hot_lead: Assessment) -> None:
    PrivacyLink.objects.make(hot_lead)
    assert not re.search("session_id|token", json.dumps(export_document(by_address(ADDRESS)), default=str))


def test_nothing_is_found_for_nobody(db: None) -> None:
    nobody = Person("nobody@x.example", (), proven=True)
    assert [name for name in TABLES if rows_about(name, nobody).exists()] == []


# Erasing


def test_erasing_needs_a_tick(client: Client, hot_lead: Assessment) -> None:
    open_for(client, hot_lead)
    response = client.post("/privacy/yours/erase/")
    assert response.status_code == 422
    assert "Please confirm" in response.content.decode()
    assert Assessment.objects.get().email


def test_after_erasing_the_page_tells_how_far_each_system_is(client: Client, hot_lead: Assessment) -> None:
    open_for(client, hot_lead)
    page = client.post("/privacy/yours/erase/", {"sure": "1"}, follow=True).content.decode()
    assert ADDRESS not in page
    assert page.count(">Done<") == 2
    assert page.count(">Under way<") == 1
    HubSpotErasure.objects.update(status="done", address=None, contact_id=None, done_at=timezone.now())
    assert client.get(YOURS).content.decode().count(">Done<") == 3
    HubSpotErasure.objects.update(failure_cause="done_by_hand")
    assert "One of our team has erased your data" in client.get(YOURS).content.decode()


@pytest.mark.parametrize("page", ["correct", "consent", "erase", "download/json"])
def test_whoever_was_erased_has_nothing_left_to_change(
    client: Client, hot_lead: Assessment, page: str
) -> None:
    open_for(client, hot_lead)
    client.post("/privacy/yours/erase/", {"sure": "1"})
    call = client.get if "download" in page else client.post
    assert call(f"/privacy/yours/{page}/").status_code == 404


def test_a_link_outlives_the_scrub_and_says_that_nothing_is_left(
    client: Client, hot_lead: Assessment
) -> None:
    open_for(client, hot_lead)
    Assessment.objects.update(email=None, email_scrubbed_at=timezone.now())
    assert "We no longer store anything about you" in client.get(YOURS).content.decode()


def test_after_the_scrub_only_people_can_help_with_hubspot(client: Client, hot_lead: Assessment) -> None:
    """A link is mailed only to whom we know."""
    open_for(client, hot_lead)
    Assessment.objects.update(email=None, email_scrubbed_at=timezone.now())
    page = client.get(YOURS).content.decode()
    assert "Write to us" in page
    assert "Ask for a link" not in page


def test_the_state_of_an_erasure_can_be_read_until_it_is_due(client: Client, hot_lead: Assessment) -> None:
    open_for(client, hot_lead)
    PrivacyLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    line = erase(ADDRESS, asked_by="test").line
    assert PrivacyLink.objects.get().expires_at >= answer_due(line)


def test_an_erasure_opens_no_link_that_had_expired(hot_lead: Assessment) -> None:
    PrivacyLink.objects.make(hot_lead, address=ADDRESS)
    PrivacyLink.objects.update(expires_at=timezone.now())
    erase(ADDRESS, asked_by="test")
    assert PrivacyLink.objects.get().expires_at <= timezone.now()


# Asking by address alone


def ask(client: Client, address: str) -> Any:
    return client.post("/privacy/ask/", {"email": address})


def test_the_answer_does_not_tell_whether_an_address_is_known(client: Client, hot_lead: Assessment) -> None:
    known, unknown = ask(client, ADDRESS), ask(client, "nobody@x.example")
    assert known.status_code == unknown.status_code == 200
    assert known.content == unknown.content


def test_a_known_address_costs_the_same_statements_as_an_unknown_one(
    client: Client, hot_lead: Assessment
) -> None:
    def statements(address: str) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            ask(client, address)
        return [query["sql"].split()[0] for query in asked.captured_queries]

    ask(client, "warm@x.example")
    assert statements(ADDRESS) == statements("nobody@x.example")


@pytest.mark.parametrize("page", ["page", "asked", "yours"])
def test_where_no_mail_can_be_sent_nobody_is_left_waiting_for_a_link(
    client: Client, hot_lead: Assessment, settings: Any, page: str
) -> None:
    settings.MAIL_IS_SET_UP, settings.POSTAL_ADDRESS = False, "1 Engine Road"
    pages = {"page": lambda: client.get("/privacy/").content.decode()}
    pages |= {"asked": lambda: ask(client, ADDRESS).content.decode()}
    pages |= {"yours": lambda: open_for(client, hot_lead, address=None)}
    shown = pages[page]()
    assert "We cannot send e-mail at the moment" in shown
    assert "1 Engine Road" in shown


def test_what_is_no_address_is_refused_in_words(client: Client) -> None:
    response = ask(client, "ada")
    assert response.status_code == 422
    assert "Please enter a full e-mail address" in response.content.decode()


def test_the_sixth_question_of_an_hour_is_told_when_to_come_back(client: Client) -> None:
    assert [ask(client, f"a{number}@x.example").status_code for number in range(6)] == [200] * 5 + [429]


def test_a_link_stands_for_nobody_once_the_address_is_gone(hot_lead: Assessment) -> None:
    PrivacyLink.objects.make(hot_lead)
    Assessment.objects.update(email=None)
    assert by_link(PrivacyLink.objects.select_related("assessment").get()) is None
