import pytest

from .conftest import CONTACTS, Caller

PROPERTIES = "/crm/v3/properties/contacts"


def test_a_custom_property_must_exist_before_it_is_used(hubspot: Caller) -> None:
    body = {"properties": {"email": "ann@b.io", "ai_score": "61"}}
    assert hubspot.post(CONTACTS, body).status_code == 400
    assert hubspot.property("contacts", "ai_score", type="number", fieldType="number").status_code == 201
    assert hubspot.post(CONTACTS, body).status_code == 201


def test_standard_properties_are_listed_from_the_start(hubspot: Caller) -> None:
    names = {found["name"] for found in hubspot.get(PROPERTIES).json()["results"]}
    assert {"email", "firstname", "lastname", "company", "phone", "lifecyclestage", "hs_object_id"} <= names


def test_a_property_shows_its_definition(hubspot: Caller) -> None:
    hubspot.property("deals", "our_key", hasUniqueValue=True)
    for prefix in ("/crm/v3/properties", "/crm/properties/2026-03", "/crm/properties/2026-09"):
        found = hubspot.get(f"{prefix}/0-3/our_key").json()
        assert (found["hasUniqueValue"], found["type"], found["hubspotDefined"]) == (True, "string", False)


def test_an_unknown_property_is_404(hubspot: Caller) -> None:
    assert hubspot.get(f"{PROPERTIES}/nope").status_code == 404


def test_creating_a_property_again_is_409_with_its_subcategory(hubspot: Caller) -> None:
    hubspot.property("contacts", "twice")
    body = hubspot.property("contacts", "twice").json()
    assert body["category"] == "OBJECT_ALREADY_EXISTS"
    assert body["subCategory"] == "Properties.PROPERTY_WITH_NAME_EXISTS"


def test_unique_values_are_decided_at_creation(hubspot: Caller) -> None:
    hubspot.property("contacts", "plain")
    changed = hubspot.patch(f"{PROPERTIES}/plain", {"hasUniqueValue": True, "label": "New"}).json()
    assert (changed["hasUniqueValue"], changed["label"]) == (False, "New")


def test_at_most_ten_properties_are_unique(hubspot: Caller) -> None:
    made = [hubspot.property("deals", f"key_{number}", hasUniqueValue=True) for number in range(11)]
    assert [answer.status_code for answer in made] == [201] * 10 + [400]


@pytest.mark.parametrize(
    "wrong",
    [
        {"groupName": "nope"},
        {"type": "text"},
        {"fieldType": "string"},
        {"name": "Capital"},
        {"type": "enumeration", "fieldType": "select"},
        {"label": None},
    ],
)
def test_an_incomplete_definition_is_refused(hubspot: Caller, wrong: dict[str, object]) -> None:
    assert hubspot.property("contacts", "new", **wrong).status_code == 400


def test_a_property_can_live_in_a_group_of_ours(hubspot: Caller) -> None:
    group = {"name": "ai_reality_check", "label": "AI Reality Check"}
    assert hubspot.post(f"{PROPERTIES}/groups", group).status_code == 201
    assert hubspot.post(f"{PROPERTIES}/groups", group).status_code == 409
    assert hubspot.property("contacts", "ai_score", groupName="ai_reality_check").status_code == 201
    assert hubspot.get(f"{PROPERTIES}/groups/ai_reality_check").json()["label"] == "AI Reality Check"


def test_an_enumeration_takes_its_internal_values_only(hubspot: Caller) -> None:
    options = [{"label": "Builder", "value": "builder", "hidden": False}]
    hubspot.property("contacts", "band", type="enumeration", fieldType="select", options=options)
    hubspot.contact("ann@b.io", band="builder")
    answer = hubspot.post(CONTACTS, {"properties": {"email": "bob@b.io", "band": "Builder"}})
    assert answer.json()["errors"][0]["code"] == "INVALID_OPTION"


def test_an_archived_property_is_gone_until_it_is_created_again(hubspot: Caller) -> None:
    hubspot.property("contacts", "badge", hasUniqueValue=True)
    assert hubspot.call("DELETE", f"{PROPERTIES}/badge").status_code == 204
    assert hubspot.get(f"{PROPERTIES}/badge").status_code == 404
    assert hubspot.post(CONTACTS, {"properties": {"badge": "1"}}).status_code == 400
    restored = hubspot.property("contacts", "badge")
    assert (restored.status_code, restored.json()["hasUniqueValue"]) == (201, True)


def test_hubspots_own_properties_cannot_be_archived(hubspot: Caller) -> None:
    assert hubspot.call("DELETE", f"{PROPERTIES}/email").status_code == 400
