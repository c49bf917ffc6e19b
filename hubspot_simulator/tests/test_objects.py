import re

import pytest

from .conftest import CONTACTS, DEALS, Caller, Clock

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_a_created_contact_has_a_numeric_id_and_iso_times(hubspot: Caller) -> None:
    answer = hubspot.post(CONTACTS, {"properties": {"email": "ann@b.io", "phone": "1"}})
    record = answer.json()
    assert answer.status_code == 201
    assert record["id"].isdecimal()
    assert ISO.fullmatch(record["createdAt"])
    assert (record["archived"], record["properties"]["hs_object_id"]) == (False, record["id"])


@pytest.mark.parametrize("prefix", ["/crm/v3/objects", "/crm/objects/2026-03", "/crm/objects/2026-09"])
@pytest.mark.parametrize("name", ["contacts", "0-1"])
def test_all_versions_and_names_reach_one_store(hubspot: Caller, prefix: str, name: str) -> None:
    ann = hubspot.contact("ann@b.io")
    assert hubspot.get(f"{prefix}/{name}/{ann}").json()["id"] == ann
    assert hubspot.post(f"{prefix}/{name}", {"properties": {"email": "ann@b.io"}}).status_code == 409


def test_an_unknown_object_type_is_404(hubspot: Caller) -> None:
    answer = hubspot.get("/crm/v3/objects/butterflies")
    assert answer.status_code == 404
    assert answer.json()["message"] == "Unable to infer object type from: butterflies"


def test_creating_a_known_address_is_409_with_the_id_in_the_message(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    answer = hubspot.post(CONTACTS, {"properties": {"email": "Ann@B.io"}})
    assert (answer.status_code, answer.json()["category"]) == (409, "CONFLICT")
    assert answer.json()["message"] == f"Contact already exists. Existing ID: {ann}"


def test_another_contact_cannot_take_an_additional_address(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io", hs_additional_emails="old@b.io")
    answer = hubspot.post(CONTACTS, {"properties": {"email": "old@b.io"}})
    assert (answer.status_code, answer.json()["message"].endswith(ann)) == (409, True)


def test_an_unknown_property_is_told_twice(hubspot: Caller) -> None:
    answer = hubspot.post(CONTACTS, {"properties": {"email": "ann@b.io", "x": "1"}})
    body = answer.json()
    assert (answer.status_code, body["category"]) == (400, "VALIDATION_ERROR")
    assert body["message"].startswith('Property values were not valid: [{"isValid":false')
    assert body["errors"][0]["code"] == "PROPERTY_DOESNT_EXIST"
    assert body["errors"][0]["context"] == {"propertyName": ["x"]}


def test_a_read_only_property_is_refused(hubspot: Caller) -> None:
    answer = hubspot.post(CONTACTS, {"properties": {"hs_object_id": "5"}})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "READ_ONLY_VALUE")


def test_reading_by_address_and_by_id_agree(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    by_address = hubspot.get(f"{CONTACTS}/Ann%40b.io", params={"idProperty": "email"})
    assert by_address.json() == hubspot.get(f"{CONTACTS}/{ann}").json()


def test_an_unknown_id_is_404_with_its_header(hubspot: Caller) -> None:
    answer = hubspot.get(f"{CONTACTS}/1")
    assert (answer.status_code, answer.json()["message"]) == (404, "resource not found")
    assert answer.headers["X-HubSpot-NotFound"] == "true"


def test_a_change_moves_the_time_of_modification_only(hubspot: Caller, clock: Clock) -> None:
    ann = hubspot.contact("ann@b.io")
    before = hubspot.get(f"{CONTACTS}/{ann}").json()
    clock.forward(minutes=1)
    after = hubspot.patch(f"{CONTACTS}/{ann}", {"properties": {"phone": "2"}}).json()
    assert before["createdAt"] == after["createdAt"]
    assert before["updatedAt"] < after["updatedAt"] == after["properties"]["lastmodifieddate"]


def test_patching_to_an_address_that_somebody_has_is_409(hubspot: Caller) -> None:
    hubspot.contact("ann@b.io")
    bob = hubspot.contact("bob@b.io")
    assert hubspot.patch(f"{CONTACTS}/{bob}", {"properties": {"email": "ann@b.io"}}).status_code == 409


def test_a_lifecycle_stage_does_not_go_back_unless_cleared(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io", lifecyclestage="customer")
    sent = [{"lifecyclestage": stage} for stage in ("lead", "", "lead")]
    seen = [hubspot.patch(f"{CONTACTS}/{ann}", {"properties": item}).json() for item in sent]
    stages = [answer["properties"]["lifecyclestage"] for answer in seen]
    assert stages == ["customer", None, "lead"]


def test_deleting_is_204_and_the_record_is_gone_also_for_unknown_ids(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    assert hubspot.call("DELETE", f"{CONTACTS}/{ann}").status_code == 204
    assert hubspot.call("DELETE", f"{CONTACTS}/1").status_code == 204
    assert hubspot.get(f"{CONTACTS}/{ann}").status_code == 404
    assert hubspot.get(CONTACTS).json()["results"] == []
    assert hubspot.get(CONTACTS, params={"archived": "true"}).json()["results"][0]["id"] == ann


def test_pages_follow_after_and_the_last_has_no_paging(hubspot: Caller) -> None:
    ids = {hubspot.contact(f"p{number}@b.io") for number in range(5)}
    first = hubspot.get(CONTACTS, params={"limit": "3"}).json()
    after = first["paging"]["next"]["after"]
    last = hubspot.get(CONTACTS, params={"limit": "3", "after": after}).json()
    assert {record["id"] for record in first["results"] + last["results"]} == ids
    assert "paging" not in last


@pytest.mark.parametrize("limit", ["0", "101", "x", "-1"])
def test_a_page_has_1_to_100_records(hubspot: Caller, limit: str) -> None:
    assert hubspot.get(CONTACTS, params={"limit": limit}).status_code == 400


def test_posting_the_same_deal_twice_makes_two(hubspot: Caller) -> None:
    assert hubspot.deal(dealname="Same") != hubspot.deal(dealname="Same")
    assert len(hubspot.running.store.deals()) == 2


def test_a_deal_without_a_pipeline_gets_the_default_one(hubspot: Caller) -> None:
    deal = hubspot.deal(dealstage="contractsent")
    assert hubspot.get(f"{DEALS}/{deal}").json()["properties"]["pipeline"] == "default"


@pytest.mark.parametrize("properties", [{"pipeline": "x"}, {"dealstage": "x"}])
def test_an_unknown_pipeline_or_stage_is_refused(hubspot: Caller, properties: dict[str, str]) -> None:
    answer = hubspot.post(DEALS, {"properties": properties})
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert answer.headers["X-Simulator-Invented"] == "true"


def test_a_second_deal_cannot_take_a_unique_value(hubspot: Caller) -> None:
    hubspot.property("deals", "our_key", hasUniqueValue=True)
    first = hubspot.deal(our_key="k")
    answer = hubspot.post(DEALS, {"properties": {"our_key": "k"}})
    assert answer.status_code == 400
    assert f"{first} already has that value" in answer.json()["message"]


def test_an_erased_contact_is_gone_for_good_and_its_address_blocked(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    assert hubspot.post(f"{CONTACTS}/gdpr-delete", {"objectId": ann}).status_code == 204
    assert hubspot.get(f"{CONTACTS}/{ann}").status_code == 404
    assert hubspot.get(CONTACTS, params={"archived": "true"}).json()["results"] == []
    assert hubspot.post(CONTACTS, {"properties": {"email": "ANN@b.io"}}).status_code == 400


def test_erasing_an_unknown_address_blocks_it(hubspot: Caller) -> None:
    body = {"objectId": "ann@b.io", "idProperty": "email"}
    assert hubspot.post(f"{CONTACTS}/gdpr-delete", body).status_code == 204
    assert hubspot.post(CONTACTS, {"properties": {"email": "ann@b.io"}}).status_code == 400


def test_an_archived_record_is_read_when_asked_for(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    hubspot.call("DELETE", f"{CONTACTS}/{ann}")
    record = hubspot.get(f"{CONTACTS}/{ann}", params={"archived": "true"}).json()
    assert (record["id"], record["archived"], "archivedAt" in record) == (ann, True, True)


def test_deals_can_be_erased_from_2026_09_on(hubspot: Caller) -> None:
    deal = hubspot.deal()
    assert hubspot.post(f"{DEALS}/gdpr-delete", {"objectId": deal}).status_code == 404
    assert hubspot.post("/crm/objects/2026-09/deals/gdpr-delete", {"objectId": deal}).status_code == 204
    assert hubspot.running.store.deals() == []


def test_an_address_with_a_slash_is_one_part_of_the_path(hubspot: Caller) -> None:
    hubspot.contact("a/b@c.io")
    assert hubspot.get(f"{CONTACTS}/a%2Fb%40c.io", params={"idProperty": "email"}).status_code == 200
    assert "c.io" not in hubspot.running.portal.calls.kept[-1].path
