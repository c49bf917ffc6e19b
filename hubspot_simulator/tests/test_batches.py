from .conftest import CONTACTS, Caller


def test_batch_create_answers_201(hubspot: Caller) -> None:
    answer = hubspot.post(f"{CONTACTS}/batch/create", {"inputs": [{"properties": {"email": "ann@b.io"}}]})
    assert (answer.status_code, len(answer.json()["results"])) == (201, 1)


def test_batch_create_of_a_known_address_is_one_409_without_its_id(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    inputs = [{"properties": {"email": email}} for email in ("bob@b.io", "ann@b.io")]
    answer = hubspot.post(f"{CONTACTS}/batch/create", {"inputs": inputs})
    assert (answer.status_code, answer.json()["message"]) == (409, "Contact already exists")
    assert ann not in answer.text
    assert len(hubspot.running.store.contacts()) == 1


def test_batch_create_with_trace_ids_names_the_existing_contact(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    inputs = [
        {"properties": {"email": email}, "objectWriteTraceId": email} for email in ("bob@b.io", "ann@b.io")
    ]
    answer = hubspot.post(f"{CONTACTS}/batch/create", {"inputs": inputs})
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["category"]) == (207, "CONFLICT")
    assert error["context"] == {"objectWriteTraceId": ["ann@b.io"], "existingId": [ann]}


def test_batch_read_returns_what_it_finds_and_names_the_rest(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    answer = hubspot.post(f"{CONTACTS}/batch/read", {"inputs": [{"id": ann}, {"id": "1"}, {"id": "2"}]})
    body = answer.json()
    assert (answer.status_code, body["numErrors"]) == (207, 1)
    assert [result["id"] for result in body["results"]] == [ann]
    assert body["errors"][0]["category"] == "OBJECT_NOT_FOUND"
    assert body["errors"][0]["context"] == {"ids": ["1", "2"]}


def test_batch_read_selects_properties_and_finds_by_address(hubspot: Caller) -> None:
    hubspot.contact("ann@b.io", phone="5", firstname="Ann")
    body = {"idProperty": "email", "properties": ["phone", "company"], "inputs": [{"id": "ANN@b.io"}]}
    properties = hubspot.post(f"{CONTACTS}/batch/read", body).json()["results"][0]["properties"]
    assert (properties["phone"], properties["company"]) == ("5", None)
    assert "firstname" not in properties


def test_batch_update_of_an_unknown_id_is_207_and_the_others_are_written(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    inputs = [{"id": id, "properties": {"firstname": "Ann"}} for id in (ann, "1")]
    answer = hubspot.post(f"{CONTACTS}/batch/update", {"inputs": inputs})
    assert answer.status_code == 207
    assert answer.json()["errors"][0]["context"] == {"ids": ["1"]}
    assert hubspot.running.store.contacts()[0].get("firstname") == "Ann"


def test_batch_archive_is_204_also_for_unknown_ids(hubspot: Caller) -> None:
    ann = hubspot.contact("ann@b.io")
    answer = hubspot.post(f"{CONTACTS}/batch/archive", {"inputs": [{"id": ann}, {"id": "1"}]})
    assert (answer.status_code, answer.content) == (204, b"")
    assert hubspot.running.store.contacts() == []
