"""What nobody outside HubSpot knows, both ways round."""

import pytest
import requests

from .conftest import CONTACTS, DEALS, Caller, Clock, row, switch

STRICT = "/crm/objects/2026-09/contacts"


def test_a_conflict_can_be_an_error_of_its_input_alone(hubspot: Caller) -> None:
    switch(hubspot, whole_batch_conflict=False)
    ann = hubspot.contact("ann@b.io")
    answer = hubspot.upsert(row("new@b.io", "1"), row("other@b.io", "2", email="ann@b.io"))
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["category"]) == (207, "CONFLICT")
    assert error["context"] == {"objectWriteTraceId": ["2"], "existingId": [ann]}


def test_a_clash_over_a_unique_value_fails_the_whole_batch_too(hubspot: Caller) -> None:
    hubspot.property("contacts", "badge", hasUniqueValue=True)
    hubspot.contact("ann@b.io", badge="1")
    assert hubspot.upsert(row("new@b.io", "1"), row("bob@b.io", "2", badge="1")).status_code == 409
    assert len(hubspot.running.store.contacts()) == 1


def test_a_secondary_address_sent_as_email_conflicts(hubspot: Caller) -> None:
    hubspot.contact("ann@b.io", hs_additional_emails="old@b.io")
    assert hubspot.upsert(row("old@b.io", email="old@b.io")).status_code == 409


def test_a_secondary_address_sent_as_email_can_be_promoted(hubspot: Caller) -> None:
    switch(hubspot, secondary_email="promote")
    ann = hubspot.contact("ann@b.io", hs_additional_emails="old@b.io")
    assert hubspot.upsert(row("old@b.io", email="old@b.io")).json()["results"][0]["id"] == ann
    held = hubspot.running.store.contacts()[0].properties
    assert (held["email"], held["hs_additional_emails"]) == ("old@b.io", "ann@b.io")


@pytest.mark.parametrize(("rule", "status", "same"), [("create", 200, False), ("restore", 200, True)])
def test_an_upsert_on_an_archived_value(hubspot: Caller, rule: str, status: int, same: bool) -> None:
    switch(hubspot, archived_unique=rule)
    ann = hubspot.contact("ann@b.io")
    hubspot.call("DELETE", f"{CONTACTS}/{ann}")
    answer = hubspot.upsert(row("ann@b.io"))
    result = answer.json()["results"][0]
    assert (answer.status_code, result["id"] == ann, result["new"]) == (status, same, not same)


def test_an_upsert_on_an_archived_value_can_conflict(hubspot: Caller) -> None:
    switch(hubspot, archived_unique="conflict")
    hubspot.call("DELETE", f"{CONTACTS}/{hubspot.contact('ann@b.io')}")
    assert hubspot.upsert(row("ann@b.io")).status_code == 409


def test_a_new_property_can_take_a_moment_to_be_seen(hubspot: Caller, clock: Clock) -> None:
    switch(hubspot, property_delay=0.5)
    hubspot.property("contacts", "ai_score")
    body = {"properties": {"email": "ann@b.io", "ai_score": "1"}}
    assert hubspot.post(CONTACTS, body).status_code == 400
    assert hubspot.get("/crm/v3/properties/contacts/ai_score").status_code == 404
    clock.forward(seconds=0.5)
    assert hubspot.post(CONTACTS, body).status_code == 201


def test_a_free_account_has_ten_custom_properties_in_all(hubspot: Caller) -> None:
    switch(hubspot, free_account=True)
    made = [hubspot.property("contacts", f"p{number}").status_code for number in range(9)]
    made += [hubspot.property("deals", f"p{number}").status_code for number in range(2)]
    assert made == [201] * 10 + [400]


def test_two_writes_at_once_to_one_record_can_be_locked_out(hubspot: Caller, clock: Clock) -> None:
    switch(hubspot, lock_seconds=2.0)
    ann = hubspot.contact("ann@b.io")
    clock.forward(seconds=1)
    assert hubspot.patch(f"{CONTACTS}/{ann}", {"properties": {"phone": "1"}}).status_code == 423
    clock.forward(seconds=1)
    assert hubspot.patch(f"{CONTACTS}/{ann}", {"properties": {"phone": "1"}}).status_code == 200


def test_required_properties_are_minded_from_2026_09_on(hubspot: Caller) -> None:
    switch(hubspot, required_properties="contacts.company deals.amount")
    body = {"properties": {"email": "ann@b.io"}}
    answer = hubspot.post(STRICT, body)
    assert answer.json()["errors"][0]["code"] == "MISSING_REQUIRED_PROPERTY"
    assert hubspot.post("/crm/objects/2026-03/contacts", body).status_code == 201
    assert hubspot.post(DEALS, {"properties": {}}).status_code == 201


def test_2026_09_rounds_a_date_and_warns_where_others_refuse(hubspot: Caller) -> None:
    hubspot.property("contacts", "day", type="date", fieldType="date")
    body = {"properties": {"email": "ann@b.io", "day": "1795132800001"}}
    assert hubspot.post(CONTACTS, body).json()["errors"][0]["code"] == "INVALID_DATE"
    record = hubspot.post(STRICT, body).json()
    assert record["properties"]["day"] == "2026-11-20"
    assert record["warnings"][0]["category"] == "PROPERTY_VALUE_NORMALIZED"
    assert record["warnings"][0]["context"]["rawValue"] == "1795132800001"


def restore(hubspot: Caller, id: str) -> int:
    body = {"kind": "contacts", "id": id}
    return requests.post(f"{hubspot.running.url}/_simulator/restore", json=body, timeout=5).status_code


def test_an_archived_record_can_be_restored_with_its_links(hubspot: Caller) -> None:
    ann, deal = hubspot.contact("ann@b.io"), hubspot.deal()
    hubspot.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/default/contacts/{ann}")
    hubspot.call("DELETE", f"{CONTACTS}/{ann}")
    assert restore(hubspot, ann) == 204
    assert hubspot.running.store.live_links() == [(deal, ann)]


def test_a_restore_is_refused_when_the_address_is_taken(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    hubspot.call("DELETE", f"{CONTACTS}/{ann}")
    hubspot.contact("ann@b.io")
    assert restore(hubspot, ann) == 409


def test_an_erased_contact_cannot_be_restored(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    hubspot.post(f"{CONTACTS}/gdpr-delete", {"objectId": ann})
    assert restore(hubspot, ann) == 404
