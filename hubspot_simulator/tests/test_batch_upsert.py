import pytest

from .conftest import Caller, row


def test_a_new_address_becomes_a_contact_and_the_replay_finds_it(hubspot: Caller) -> None:
    first = hubspot.upsert(row("ann@b.io", firstname="Ann")).json()["results"][0]
    again = hubspot.upsert(row("ann@b.io", firstname="Ann")).json()["results"][0]
    assert (first["new"], again["new"]) == (True, False)
    assert first["id"] == again["id"]
    assert len(hubspot.running.store.contacts()) == 1


def test_addresses_are_kept_in_lower_case_and_found_in_any(hubspot: Caller) -> None:
    hubspot.upsert(row("ann@b.io"))
    result = hubspot.upsert(row("ANN@B.io", firstname="Ann")).json()["results"][0]
    assert result["new"] is False
    assert hubspot.running.store.contacts()[0].get("email") == "ann@b.io"


def test_absent_properties_stay_and_an_empty_text_clears(hubspot: Caller) -> None:
    hubspot.upsert(row("ann@b.io", firstname="Ann", lastname="Bee", phone="1"))
    hubspot.upsert(row("ann@b.io", firstname="Anna", phone=""))
    properties = hubspot.running.store.contacts()[0].properties
    assert properties == {"email": "ann@b.io", "firstname": "Anna", "lastname": "Bee"}


def test_results_come_in_another_order_with_their_trace_ids(hubspot: Caller) -> None:
    rows = [row(f"p{number}@b.io", f"t{number}") for number in range(10)]
    results = hubspot.upsert(*rows).json()["results"]
    traces = [result["objectWriteTraceId"] for result in results]
    sent = [item["objectWriteTraceId"] for item in rows]
    assert traces not in (sent, sent[::-1])
    assert sorted(traces) == sent


def test_full_success_is_200_without_errors(hubspot: Caller) -> None:
    answer = hubspot.upsert(row("ann@b.io", "1"))
    assert answer.status_code == 200
    assert set(answer.json()) == {"status", "results", "startedAt", "completedAt"}


def test_without_trace_ids_one_bad_input_fails_all_and_nothing_is_written(hubspot: Caller) -> None:
    answer = hubspot.upsert(row("ann@b.io"), row("not an address"))
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert hubspot.running.store.contacts() == []


def test_a_trace_id_on_some_inputs_only_counts_as_none(hubspot: Caller) -> None:
    assert hubspot.upsert(row("ann@b.io", "1"), row("bad")).status_code == 400
    assert hubspot.upsert(row("ann@b.io", "1"), row("bad", "1")).status_code == 400
    assert hubspot.running.store.contacts() == []


def test_with_unique_trace_ids_the_good_are_written_and_the_bad_are_listed(hubspot: Caller) -> None:
    answer = hubspot.upsert(row("ann@b.io", "1"), row("bad", "2"), row("bob@b.io", "3", nope="x"))
    body = answer.json()
    assert (answer.status_code, body["status"], body["numErrors"]) == (207, "COMPLETE", 2)
    assert [error["context"]["objectWriteTraceId"] for error in body["errors"]] == [["2"], ["3"]]
    assert [record.get("email") for record in hubspot.running.store.contacts()] == ["ann@b.io"]


def test_207_errors_carry_neither_links_nor_errors(hubspot: Caller) -> None:
    error = hubspot.upsert(row("ann@b.io", "1"), row("bad", "2")).json()["errors"][0]
    assert set(error) == {"status", "category", "message", "context"}
    assert "INVALID_EMAIL" in error["message"]


@pytest.mark.parametrize("traced", [True, False])
def test_the_same_address_twice_fails_the_whole_batch(hubspot: Caller, *, traced: bool) -> None:
    rows = [row("ann@b.io", "1" if traced else None), row("ANN@b.io", "2" if traced else None)]
    answer = hubspot.upsert(*rows)
    assert answer.status_code == 400
    assert answer.json()["context"] == {"ids": ["ANN@b.io"]}
    assert hubspot.running.store.contacts() == []


def test_101_inputs_are_refused_and_100_are_not(hubspot: Caller) -> None:
    rows = [row(f"p{number}@b.io", str(number)) for number in range(101)]
    assert hubspot.upsert(*rows).status_code == 400
    assert hubspot.running.store.contacts() == []
    assert hubspot.upsert(*rows[:100]).status_code == 200
    assert len(hubspot.running.store.contacts()) == 100


def test_a_body_without_inputs_succeeds_with_no_results(hubspot: Caller) -> None:
    answer = hubspot.post("/crm/v3/objects/contacts/batch/upsert", {})
    assert (answer.status_code, answer.json()["results"]) == (200, [])


@pytest.mark.parametrize("name", ["firstname", "hs_object_id", None])
def test_a_property_that_is_not_unique_cannot_identify(hubspot: Caller, name: str | None) -> None:
    answer = hubspot.upsert({"id": "1", "idProperty": name, "properties": {}})
    assert answer.status_code == 400
    assert "Unable to perform update/upsert by non-unique" in answer.json()["message"]


def test_an_upsert_honours_no_associations(hubspot: Caller) -> None:
    hubspot.property("deals", "our_key", hasUniqueValue=True)
    contact = hubspot.contact("ann@b.io")
    link = {
        "to": {"id": contact},
        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}],
    }
    item = {"id": "k1", "idProperty": "our_key", "properties": {"dealname": "D"}, "associations": [link]}
    assert hubspot.upsert(item, kind="deals").status_code == 200
    assert hubspot.running.store.live_links() == []


def test_a_deal_is_upserted_by_our_unique_property(hubspot: Caller) -> None:
    hubspot.property("deals", "our_key", hasUniqueValue=True)
    item = {"id": "lead-1", "idProperty": "our_key", "properties": {"dealname": "One"}}
    first = hubspot.upsert(item, kind="deals").json()["results"][0]
    again = hubspot.upsert(item | {"properties": {"dealname": "Two"}}, kind="deals").json()["results"][0]
    assert (first["new"], again["new"], first["id"]) == (True, False, again["id"])
    assert [deal.get("dealname") for deal in hubspot.running.store.deals()] == ["Two"]


def test_an_additional_address_resolves_to_its_contact(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io", hs_additional_emails="old@b.io")
    result = hubspot.upsert(row("OLD@b.io", firstname="Ann")).json()["results"][0]
    assert (result["id"], result["new"]) == (ann, False)


def test_a_conflict_fails_the_whole_batch_with_409_in_spite_of_trace_ids(hubspot: Caller) -> None:
    hubspot.contact("ann@b.io")
    answer = hubspot.upsert(row("new@b.io", "1"), row("other@b.io", "2", email="ann@b.io"))
    assert (answer.status_code, answer.json()["category"]) == (409, "CONFLICT")
    assert len(hubspot.running.store.contacts()) == 1


def test_two_addresses_of_one_contact_fail_the_whole_batch(hubspot: Caller) -> None:
    hubspot.contact("ann@b.io", hs_additional_emails="old@b.io")
    answer = hubspot.upsert(row("ann@b.io", "1", firstname="A"), row("old@b.io", "2", firstname="B"))
    assert answer.status_code == 409
    assert hubspot.running.store.contacts()[0].get("firstname") == ""


def test_a_number_in_place_of_a_text_is_a_bad_shape(hubspot: Caller) -> None:
    item = {"id": "ann@b.io", "idProperty": "email", "properties": {"phone": 5}}
    answer = hubspot.upsert(item)
    assert answer.status_code == 400
    assert "category" not in answer.json()


@pytest.mark.parametrize("id", ["", None, 5])
def test_an_input_needs_an_id(hubspot: Caller, id: object) -> None:
    answer = hubspot.upsert({"id": id, "idProperty": "email", "properties": {"firstname": "Ann"}})
    assert answer.status_code == 400
    assert hubspot.running.store.contacts() == []
