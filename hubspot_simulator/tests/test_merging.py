import pytest

from .conftest import CONTACTS, Caller, row, switch


def merge(hubspot: Caller, primary: str, other: str) -> str:
    body = {"primaryObjectId": primary, "objectIdToMerge": other}
    answer = hubspot.post(f"{CONTACTS}/merge", body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_the_survivor_has_a_new_id_to_which_both_old_ones_lead(hubspot: Caller) -> None:
    ann, old = hubspot.contact("ann@b.io"), hubspot.contact("old@b.io")
    survivor = merge(hubspot, ann, old)
    assert survivor not in (ann, old)
    assert {hubspot.get(f"{CONTACTS}/{id}").json()["id"] for id in (ann, old, survivor)} == {survivor}
    assert len(hubspot.running.store.contacts()) == 1


def test_a_batch_read_of_a_merged_id_answers_with_the_survivors(hubspot: Caller) -> None:
    ann, old = hubspot.contact("ann@b.io"), hubspot.contact("old@b.io")
    survivor = merge(hubspot, ann, old)
    answer = hubspot.post(f"{CONTACTS}/batch/read", {"inputs": [{"id": old}]})
    assert (answer.status_code, answer.json()["results"][0]["id"]) == (200, survivor)


def test_both_addresses_lead_to_the_survivor(hubspot: Caller) -> None:
    survivor = merge(hubspot, hubspot.contact("ann@b.io"), hubspot.contact("old@b.io"))
    for email in ("ann@b.io", "old@b.io"):
        result = hubspot.upsert(row(email, phone="1")).json()["results"][0]
        assert (result["id"], result["new"]) == (survivor, False)


def test_the_survivor_tells_whom_it_replaced(hubspot: Caller) -> None:
    ann, old = hubspot.contact("ann@b.io", phone="1"), hubspot.contact("old@b.io", phone="2", company="C")
    merge(hubspot, ann, old)
    held = hubspot.running.store.contacts()[0].properties
    assert held["hs_merged_object_ids"] == f"{ann};{old}"
    assert held["hs_additional_emails"] == "old@b.io"
    assert (held["phone"], held["company"]) == ("1", "C")


def test_the_deals_of_both_follow(hubspot: Caller) -> None:
    ann, old, deal = hubspot.contact("ann@b.io"), hubspot.contact("old@b.io"), hubspot.deal()
    hubspot.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/default/contacts/{old}")
    survivor = merge(hubspot, ann, old)
    assert hubspot.running.store.live_links() == [(deal, survivor)]


def test_a_second_merge_leads_every_old_id_on(hubspot: Caller) -> None:
    ids = [hubspot.contact(f"p{number}@b.io") for number in range(3)]
    survivor = merge(hubspot, merge(hubspot, ids[0], ids[1]), ids[2])
    assert {hubspot.get(f"{CONTACTS}/{id}").json()["id"] for id in ids} == {survivor}


def test_a_beta_account_keeps_the_primarys_id(hubspot: Caller) -> None:
    switch(hubspot, merge_keeps_id=True)
    ann, old = hubspot.contact("ann@b.io"), hubspot.contact("old@b.io")
    assert merge(hubspot, ann, old) == ann
    assert hubspot.get(f"{CONTACTS}/{old}").json()["id"] == ann


@pytest.mark.parametrize(("other", "status"), [("1", 404), ("self", 400)])
def test_a_merge_needs_two_records(hubspot: Caller, other: str, status: int) -> None:
    ann = hubspot.contact("ann@b.io")
    body = {"primaryObjectId": ann, "objectIdToMerge": ann if other == "self" else other}
    assert hubspot.post(f"{CONTACTS}/merge", body).status_code == status
