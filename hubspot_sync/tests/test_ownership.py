"""Whose contact is it? What a visitor with a typed address may do to contacts, and what a proven one may."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.mail import EmailMessage
from pytest_django.fixtures import Settings

from accounts.models import User
from assessments.lifecycle.address_proof import prove
from assessments.lifecycle.consents import record_choices
from assessments.lifecycle.corrections import change_consent
from assessments.models import Assessment, ConsentSource, Purpose
from encryption.email_addresses import address_hash
from hubspot_simulator.account.kinds import Kind
from hubspot_sync.account.setup import set_up_account
from hubspot_sync.causes import explain
from hubspot_sync.checks import warn_of_another_account
from hubspot_sync.delivery.batch import deliver_batch
from hubspot_sync.delivery.enqueue import enqueue
from hubspot_sync.delivery.lead_reader import configured_destination
from hubspot_sync.http import client as client_module
from hubspot_sync.http.account import UNKNOWN_ACCOUNT
from hubspot_sync.http.client import KNOWN_PROPERTIES
from hubspot_sync.http.errors import Misconfigured, NotAuthorised
from hubspot_sync.models import HubSpotAccount, QueueStatus, SyncQueueItem
from hubspot_sync.tasks import connected
from hubspot_sync.tests.conftest import CONTACTS, DEALS, LINKS, Account, Queue, fresh, row_of
from leads.models import ContactOutcome
from leads.working import record_outcome

pytestmark = pytest.mark.django_db

CFO = "cfo@bigcustomer.example"
STRANGER = {"first_name": "x", "last_name": "x", "company": "x", "phone": "00000"}
READ = "POST objects/contacts/batch/read"
UPDATE = "POST objects/contacts/batch/update"


@pytest.fixture
def customer(account: Account) -> str:
    """A contact that sales made long ago; its id."""
    return made_by_sales(account, email=CFO, firstname="Carla", company="Big Customer", phone="+49 30 1")


def made_by_sales(account: Account, **properties: str) -> str:
    record = account.client.call("POST", "/crm/v3/objects/contacts", {"properties": properties})
    return str(record["id"])


def contact_with(account: Account, email: str) -> dict[str, str]:
    return next(contact for contact in account.contacts if contact["email"] == email)


def change(account: Account, lead: Assessment, **fields: Any) -> Assessment:
    Assessment.objects.filter(pk=lead.pk).update(**fields)
    enqueue(fresh(lead))
    account.deliver()
    return fresh(lead)


def proven(lead: Assessment) -> Assessment:
    """The holder of the address clicked on a mail of ours."""
    prove([lead], address_hash(fresh(lead).email or ""), session_id=lead.session_id)
    return fresh(lead)


# A contact that was there before


def test_a_stranger_overwrites_nothing_of_a_contact_that_was_there(
    account: Account, queued: Queue, customer: str
) -> None:
    queued(CFO, **STRANGER)
    account.deliver()
    contact = contact_with(account, CFO)
    assert (contact["firstname"], contact["company"], contact["phone"]) == (
        "Carla",
        "Big Customer",
        "+49 30 1",
    )


def test_a_stranger_does_not_rename_a_contact_that_was_there(
    account: Account, queued: Queue, customer: str
) -> None:
    lead = queued(CFO, **STRANGER)
    account.deliver()
    change(account, lead, email="attacker2@evil.example")
    assert contact_with(account, CFO)["firstname"] == "Carla"
    assert fresh(lead).hubspot_contact_id != customer
    assert account.addresses == {CFO, "attacker2@evil.example"}


def test_what_is_empty_on_it_is_filled(account: Account, queued: Queue, customer: str) -> None:
    queued(CFO, **STRANGER)
    account.deliver()
    assert contact_with(account, CFO)["lastname"] == "x"


def test_what_the_visitor_wanted_changed_is_a_property_for_sales(
    account: Account, queued: Queue, customer: str
) -> None:
    queued(CFO, first_name="Carla", last_name="Foo", company="Bigger", phone="+49 30 2")
    account.deliver()
    assert contact_with(account, CFO)["ai_details_given"] == "Company: Bigger; Phone: +49 30 2"


def test_our_own_values_and_the_deal_arrive_without_proof(
    account: Account, queued: Queue, customer: str
) -> None:
    lead = queued(CFO, **STRANGER)
    account.deliver()
    assert contact_with(account, CFO)["ai_assessment_score"] == "20"
    assert account.links == [(fresh(lead).hubspot_deal_id, customer)]


def test_the_source_that_sales_noted_stays(account: Account, queued: Queue) -> None:
    made_by_sales(account, email=CFO, lead_source="Trade fair")
    queued(CFO)
    account.deliver()
    assert contact_with(account, CFO)["lead_source"] == "Trade fair"


def test_a_proven_address_overwrites(account: Account, queued: Queue, customer: str) -> None:
    proven(queued(CFO, first_name="Carla", company="Bigger"))
    account.deliver()
    assert contact_with(account, CFO)["company"] == "Bigger"


def test_a_click_elsewhere_proves_nothing_that_somebody_typed_beside_the_address(
    account: Account, customer: str, queued: Queue
) -> None:
    """The holder said yes to news; the assessment is a stranger's all the same."""
    lead = queued(CFO, **STRANGER)
    prove([lead], address_hash(CFO), session_id="of another browser")
    account.deliver()
    assert contact_with(account, CFO)["company"] == "Big Customer"
    prove([lead], address_hash(CFO), corrected=True)
    Assessment.objects.update(company="Corrected AG")
    account.deliver()
    assert contact_with(account, CFO)["company"] == "Corrected AG"


def test_the_proof_itself_sends_what_was_held_back(account: Account, customer: str, queued: Queue) -> None:
    lead = queued(CFO, **STRANGER)
    account.deliver()
    assert contact_with(account, CFO)["company"] == "Big Customer"
    proven(lead)
    account.deliver()
    assert contact_with(account, CFO)["company"] == "x"


def test_a_second_click_sends_nothing_again(account: Account, queued: Queue) -> None:
    lead = proven(queued(CFO))
    account.deliver()
    proven(lead)
    assert account.deliver() == 0


def test_the_proof_of_an_address_does_not_cover_the_next_one(
    account: Account, queued: Queue, customer: str
) -> None:
    lead = proven(queued("attacker@evil.example", **STRANGER))
    account.deliver()
    change(account, lead, email=CFO)
    assert contact_with(account, CFO)["company"] == "Big Customer"


@pytest.mark.parametrize("given", [True, False])
def test_a_typed_word_is_not_said_of_a_contact_that_was_there(
    account: Account, queued: Queue, customer: str, settings: Settings, given: bool
) -> None:
    settings.HUBSPOT_CONSENT_PROPERTIES = {"follow_up": "may_contact", "marketing": "news"}
    list(set_up_account(account.client, configured_destination()))
    for name in ("may_contact", "news"):
        known = {"name": name, "label": name, "type": "string", "fieldType": "text"}
        body = known | {"groupName": "contactinformation"}
        account.client.call("POST", "/crm/v3/properties/contacts", body)
    lead = queued(CFO)
    account.deliver()
    said = {Purpose.FOLLOW_UP: given, Purpose.MARKETING: False}
    record_choices(CFO, said, ConsentSource.API, assessment=lead.pk)
    enqueue(fresh(lead))
    account.deliver()
    prove([fresh(lead)], address_hash(CFO), corrected=True)  # Carla corrected her details, also in this one
    account.deliver()
    assert {"may_contact", "news"}.isdisjoint(contact_with(account, CFO))
    change_consent(CFO, [proven(fresh(lead))], said, ConsentSource.PRIVACY_PAGE)
    account.deliver()
    assert contact_with(account, CFO)["news"] == "false"


def test_a_contact_with_the_address_beside_its_first_one_is_not_overwritten(
    account: Account, queued: Queue
) -> None:
    made_by_sales(account, email="carla@home.example", hs_additional_emails=CFO, company="Big Customer")
    queued(CFO, **STRANGER)
    account.deliver()
    assert contact_with(account, "carla@home.example")["company"] == "Big Customer"
    assert len(account.contacts) == 1


# A contact that this assessment created


def test_who_created_a_contact_may_correct_it(account: Account, queued: Queue) -> None:
    lead = queued("ada@engines.example", company="Engnies")
    account.deliver()
    change(account, lead, company="Engines")
    assert account.contacts[0]["company"] == "Engines"
    assert "ai_details_given" not in account.contacts[0]


def test_a_contact_that_another_assessment_uses_too_is_not_renamed(account: Account, queued: Queue) -> None:
    """The stranger came first and created the contact of the victim."""
    stranger = queued("victim@lead.example", **STRANGER)
    account.deliver()
    victim = queued("victim@lead.example", first_name="Vera")
    account.deliver()
    change(account, stranger, email="attacker@evil.example")
    assert "victim@lead.example" in account.addresses
    assert fresh(victim).hubspot_contact_id != fresh(stranger).hubspot_contact_id


def test_a_contact_whose_address_sales_mended_is_filled_only(account: Account, queued: Queue) -> None:
    lead = queued("ada@engnies.example", company="Engines")
    account.deliver()
    path = f"/crm/v3/objects/contacts/{fresh(lead).hubspot_contact_id}"
    account.client.call("PATCH", path, {"properties": {"email": "ada@engines.example"}})
    change(account, lead, company="Other", phone="+44 1")
    [contact] = account.contacts
    assert (contact["email"], contact["company"], contact["phone"]) == (
        "ada@engines.example",
        "Engines",
        "+44 1",
    )


def test_a_contact_that_was_merged_into_another_is_that_other_ones(
    account: Account, queued: Queue, customer: str
) -> None:
    lead = queued("ada@engines.example", company="Engines")
    account.deliver()
    body = {"primaryObjectId": customer, "objectIdToMerge": fresh(lead).hubspot_contact_id}
    account.client.call("POST", "/crm/v3/objects/contacts/merge", body)
    change(account, lead, company="Other")
    assert contact_with(account, CFO)["company"] == "Big Customer"
    change(account, lead, email="attacker@evil.example")
    assert CFO in account.addresses


# Whose score is shown


def test_an_unproven_result_never_replaces_a_proven_one(account: Account, queued: Queue) -> None:
    proven(queued(CFO, answers="C"))
    account.deliver()
    score = contact_with(account, CFO)["ai_assessment_score"]
    queued(CFO, answers="D")
    account.deliver()
    assert contact_with(account, CFO)["ai_assessment_score"] == score != "20"


def test_a_changed_address_takes_no_score_to_the_contact_that_was_left(
    account: Account, queued: Queue, customer: str
) -> None:
    victim = queued(CFO, answers="C")
    account.deliver()
    score = contact_with(account, CFO)["ai_assessment_score"]
    stranger = queued(CFO, answers="D")
    account.deliver()
    Assessment.objects.filter(pk=stranger.pk).update(email="attacker@evil.example")
    enqueue(fresh(victim))
    account.deliver()
    assert contact_with(account, CFO)["ai_assessment_score"] == score


# What it costs


def test_looking_first_costs_one_call_for_a_hundred_leads(account: Account, queued: Queue) -> None:
    for number in range(100):
        queued(f"lead{number}@x.example")
    account.deliver()
    calls = {call.kind for call in account.running.portal.calls.kept}
    assert calls == {READ, CONTACTS, DEALS, LINKS}
    assert len(account.running.portal.calls.kept) == 4


def test_without_an_answer_nothing_is_written(account: Account, queued: Queue, customer: str) -> None:
    lead = queued(CFO, **STRANGER)
    account.fails("foreign", route=READ, status=200, body="{}")
    with pytest.raises(Exception, match="unreadable_answer"):
        account.deliver()
    assert account.calls(CONTACTS) == 0
    assert row_of(lead).status == QueueStatus.WAITING


# Another account


def test_ids_of_another_account_are_not_used(account: Account, queued: Queue) -> None:
    lead = queued("tester@sandbox.example")
    account.deliver()
    Assessment.objects.filter(pk=lead.pk).update(hubspot_portal_id="999")
    customer = fresh(lead).hubspot_contact_id or ""
    path = f"/crm/v3/objects/contacts/{customer}"
    account.client.call("PATCH", path, {"properties": {"email": "real@customer.example", "phone": "1"}})
    lead = change(account, lead, phone="22222")
    assert contact_with(account, "real@customer.example")["phone"] == "1"
    assert lead.hubspot_contact_id != customer
    assert lead.hubspot_portal_id == "1"


def test_a_deal_is_found_again_by_our_key_and_stays_where_sales_put_it(
    account: Account, queued: Queue
) -> None:
    lead = queued()
    account.deliver()
    deal = fresh(lead).hubspot_deal_id
    account.client.call("PATCH", f"/crm/v3/objects/deals/{deal}", {"properties": {"amount": "90000"}})
    Assessment.objects.filter(pk=lead.pk).update(hubspot_portal_id=None)
    lead = change(account, lead, phone="+44 1")
    assert [each["amount"] for each in account.deals] == ["90000"]
    assert (lead.hubspot_deal_id, lead.hubspot_portal_id) == (deal, "1")


def test_a_page_of_a_proxy_is_no_other_account(
    account: Account, queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "KNOWN_ACCOUNTS", {})
    account.fails("foreign", route="GET account/*", status=403, body="<html>Blocked</html>")
    with pytest.raises(NotAuthorised):
        account.client.account()
    account.recovers()
    assert account.client.account().portal_id != UNKNOWN_ACCOUNT.portal_id


def test_another_account_is_reported_once(
    account: Account, queued: Queue, mailoutbox: list[EmailMessage], settings: Any
) -> None:
    settings.ADMINS = [("Ops", "ops@example.com")]
    connected(account.client)
    assert mailoutbox == []
    HubSpotAccount.objects.update(portal_id="999")
    connected(account.client)
    connected(account.client)
    assert [mail.subject.rpartition(" ")[2] for mail in mailoutbox] == ["account_changed"]


def test_another_account_is_a_warning_of_the_deploy_check(account: Account) -> None:
    assert warn_of_another_account(None) == []
    HubSpotAccount.objects.create(portal_id="999")
    [warning] = warn_of_another_account(None)
    assert warning.msg == "HUBSPOT_TOKEN opens account 1, leads were sent to account 999."


def test_the_cause_names_the_property(account: Account, queued: Queue) -> None:
    schema = account.running.portal.schemas[Kind.CONTACT]
    del schema.properties["ai_lead_quality"]
    lead = queued()
    with pytest.raises(Misconfigured):
        account.deliver()
    assert row_of(lead).last_error == "property_doesnt_exist ai_lead_quality"
    assert explain("property_doesnt_exist ai_lead_quality").to_do.endswith("Property: ai_lead_quality.")


def test_a_property_that_is_left_out_is_not_sent(account: Account, queued: Queue, settings: Any) -> None:
    settings.HUBSPOT_PROPERTIES = {"lead_source": "", "ai_lead_quality": ""}
    queued()
    account.deliver()
    assert not {"lead_source", "ai_lead_quality"} & account.contacts[0].keys()


def test_the_campaign_reaches_the_properties_that_are_named(
    account: Account, queued: Queue, settings: Any
) -> None:
    settings.HUBSPOT_CAMPAIGN_PROPERTIES = {"utm_source": "campaign_source"}
    for _ in set_up_account(account.client, configured_destination()):
        pass
    queued(utm={"utm_source": "newsletter", "utm_medium": "mail"})
    account.deliver()
    assert account.contacts[0]["campaign_source"] == "newsletter"


def test_owner_and_outcome_reach_the_properties_that_are_named(
    account: Account, queued: Queue, settings: Any
) -> None:
    settings.HUBSPOT_SALES_PROPERTIES = {"owner": "ai_lead_owner", "outcome": "ai_lead_outcome"}
    for _ in set_up_account(account.client, configured_destination()):
        pass
    lead = queued()
    account.deliver()
    sam = User.objects.create_user("sam@example.com", full_name="Sam Sales", is_staff=True)
    record_outcome(lead.pk, ContactOutcome.MEETING, by=sam)
    account.deliver()
    contact = account.contacts[0]
    assert (contact["ai_lead_owner"], contact["ai_lead_outcome"]) == ("Sam Sales", "meeting")


def test_the_day_is_the_day_of_the_account(account: Account, queued: Queue) -> None:
    """Half past one at night in UTC is the evening before in New York."""
    queued(completed_at=datetime(2026, 11, 28, 1, 30, tzinfo=UTC))
    account.deliver()
    assert account.contacts[0]["ai_assessment_date"].startswith("2026-11-27")


def test_a_missing_property_for_details_stops_no_lead(account: Account, queued: Queue) -> None:
    del account.running.portal.schemas[Kind.CONTACT].properties["ai_details_given"]
    KNOWN_PROPERTIES.clear()
    made_by_sales(account, email=CFO, company="Big Customer")
    queued(CFO, **STRANGER)
    assert deliver_batch(account.client, connected) == 1
    assert contact_with(account, CFO)["company"] == "Big Customer"


def test_an_unknown_trace_is_ignored(account: Account, queued: Queue) -> None:
    queued()
    body = '{"results": [{"id": "999", "objectWriteTraceId": "nobody"}]}'
    account.fails("foreign", route=CONTACTS, status=200, body=body)
    with pytest.raises(Exception, match="unreadable_answer"):
        account.deliver()
    assert set(SyncQueueItem.objects.values_list("status", flat=True)) == {QueueStatus.WAITING}


@pytest.mark.parametrize("route", [READ, CONTACTS, DEALS, LINKS])
@pytest.mark.parametrize(
    ("status", "body"),
    [
        *((status, "<html>Blocked</html>") for status in (400, 409, 413, 414, 422)),
        *((200, body) for body in ("", "{}", '{"ok": true}', "[]", "null")),
        (204, ""),
    ],
)
def test_an_answer_that_is_not_hubspots_is_an_outage(
    account: Account, queued: Queue, route: str, status: int, body: str
) -> None:
    lead = queued()
    account.fails("foreign", route=route, status=status, body=body)
    with pytest.raises(Exception, match="unreadable_answer"):
        account.deliver()
    row = row_of(lead)
    assert (row.status, row.retry_count) == (QueueStatus.WAITING, 0)
