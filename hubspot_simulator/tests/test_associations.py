import pytest

from .conftest import CONTACTS, DEALS, Caller

V4 = "/crm/v4/objects"
TO_CONTACT = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}


@pytest.mark.parametrize("prefix", [V4, "/crm/objects/2026-03", "/crm/objects/2026-09"])
def test_a_default_association_answers_both_directions_and_repeats(hubspot: Caller, prefix: str) -> None:
    deal, ann = hubspot.deal(), hubspot.contact("ann@b.io")
    for _ in range(2):
        answer = hubspot.call("PUT", f"{prefix}/deals/{deal}/associations/default/contacts/{ann}")
        types = {item["associationSpec"]["associationTypeId"] for item in answer.json()["results"]}
        assert (answer.status_code, types) == (200, {3, 4})
    assert hubspot.running.store.live_links() == [(deal, ann)]


def test_a_link_is_seen_from_both_sides(hubspot: Caller) -> None:
    deal, ann = hubspot.deal(), hubspot.contact("ann@b.io")
    hubspot.call("PUT", f"{V4}/0-1/{ann}/associations/default/0-3/{deal}")
    from_deal = hubspot.get(f"{V4}/deals/{deal}/associations/contacts").json()["results"]
    from_contact = hubspot.get(f"{V4}/contacts/{ann}/associations/deals").json()["results"]
    assert (str(from_deal[0]["toObjectId"]), from_deal[0]["associationTypes"][0]["typeId"]) == (ann, 3)
    assert (str(from_contact[0]["toObjectId"]), from_contact[0]["associationTypes"][0]["typeId"]) == (deal, 4)


def test_a_link_vanishes_with_an_archived_end(hubspot: Caller) -> None:
    deal, ann = hubspot.deal(), hubspot.contact("ann@b.io")
    hubspot.call("PUT", f"{V4}/deals/{deal}/associations/default/contacts/{ann}")
    hubspot.call("DELETE", f"{CONTACTS}/{ann}")
    assert hubspot.get(f"{V4}/deals/{deal}/associations/contacts").json()["results"] == []


def test_a_missing_end_is_400_with_its_id(hubspot: Caller) -> None:
    deal = hubspot.deal()
    answer = hubspot.call("PUT", f"{V4}/deals/{deal}/associations/default/contacts/383")
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert answer.json()["context"]["INVALID_OBJECT_IDS"] == ["CONTACT=383 is not valid"]


def test_a_deal_can_be_created_with_its_contact(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    body = {"properties": {"dealname": "D"}, "associations": [{"to": {"id": ann}, "types": [TO_CONTACT]}]}
    deal = hubspot.post(DEALS, body).json()["id"]
    assert hubspot.running.store.live_links() == [(deal, ann)]
    shown = hubspot.get(f"{DEALS}/{deal}", params={"associations": "contacts"}).json()
    assert shown["associations"]["contacts"]["results"][0]["id"] == ann


@pytest.mark.parametrize("number", [4, 279])
def test_a_wrong_type_id_is_400_and_no_deal_is_created(hubspot: Caller, number: int) -> None:
    ann = hubspot.contact("ann@b.io")
    link = {"to": {"id": ann}, "types": [TO_CONTACT | {"associationTypeId": number}]}
    answer = hubspot.post(DEALS, {"properties": {"dealname": "D"}, "associations": [link]})
    assert answer.status_code == 400
    assert "INVALID_ASSOCIATION_TYPE_ID" in answer.json()["context"]
    assert hubspot.running.store.deals() == []


def test_an_inline_link_to_a_missing_contact_creates_no_deal(hubspot: Caller) -> None:
    body = {"properties": {}, "associations": [{"to": {"id": "383"}, "types": [TO_CONTACT]}]}
    assert hubspot.post(DEALS, body).status_code == 400
    assert hubspot.running.store.deals() == []


def test_a_typed_association_needs_its_body(hubspot: Caller) -> None:
    deal, ann = hubspot.deal(), hubspot.contact("ann@b.io")
    path = f"{V4}/deals/{deal}/associations/contacts/{ann}"
    assert "a request body was expected" in hubspot.call("PUT", path).json()["message"]
    assert hubspot.call("PUT", path, json=[TO_CONTACT]).status_code == 201
    assert hubspot.call("DELETE", path).status_code == 204
    assert hubspot.running.store.live_links() == []


def test_pairs_are_linked_in_one_call_and_the_missing_are_listed(hubspot: Caller) -> None:
    deal, ann = hubspot.deal(), hubspot.contact("ann@b.io")
    inputs = [{"from": {"id": deal}, "to": {"id": id}} for id in (ann, "383")]
    path = "/crm/v4/associations/deals/contacts/batch/associate/default"
    answer = hubspot.post(path, {"inputs": inputs})
    assert (answer.status_code, answer.json()["numErrors"], len(answer.json()["results"])) == (207, 1, 2)
    assert hubspot.post(path, {"inputs": inputs[:1]}).status_code == 200
    assert hubspot.running.store.live_links() == [(deal, ann)]


@pytest.mark.parametrize("prefix", ["/crm/v4/associations", "/crm/associations/2026-09"])
def test_links_are_read_in_one_call(hubspot: Caller, prefix: str) -> None:
    deal, lone, ann = hubspot.deal(), hubspot.deal(), hubspot.contact("ann@b.io")
    hubspot.call("PUT", f"{V4}/deals/{deal}/associations/default/contacts/{ann}")
    body = {"inputs": [{"id": deal}, {"id": lone}]}
    answer = hubspot.post(f"{prefix}/deals/contacts/batch/read", body)
    assert answer.status_code == 207
    assert answer.json()["results"][0]["from"]["id"] == deal
    assert answer.json()["errors"][0]["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"


@pytest.mark.parametrize(
    ("prefix", "status"), [("/crm/v4/associations", 204), ("/crm/associations/2026-09", 200)]
)
def test_links_are_archived_in_one_call(hubspot: Caller, prefix: str, status: int) -> None:
    deal, ann = hubspot.deal(), hubspot.contact("ann@b.io")
    hubspot.call("PUT", f"{V4}/deals/{deal}/associations/default/contacts/{ann}")
    body = {"inputs": [{"from": {"id": deal}, "to": [{"id": ann}]}]}
    assert hubspot.post(f"{prefix}/deals/contacts/batch/archive", body).status_code == status
    assert hubspot.running.store.live_links() == []


def test_records_of_one_kind_are_never_linked(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    assert hubspot.get(f"{V4}/contacts/{ann}/associations/contacts").status_code == 400


def test_typed_pairs_are_linked_in_one_call(hubspot: Caller) -> None:
    deal, ann = hubspot.deal(), hubspot.contact("ann@b.io")
    inputs = [
        {"from": {"id": deal}, "to": {"id": ann}, "types": [TO_CONTACT | {"associationTypeId": number}]}
        for number in (3, 4)
    ]
    answer = hubspot.post("/crm/v4/associations/deals/contacts/batch/create", {"inputs": inputs})
    assert (answer.status_code, answer.json()["numErrors"]) == (207, 1)
    assert hubspot.running.store.live_links() == [(deal, ann)]
