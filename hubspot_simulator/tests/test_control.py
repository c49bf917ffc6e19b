from typing import Any

import requests

import hubspot_simulator

from .conftest import CONTACTS, TOKEN, Caller, Clock, row


def control(hubspot: Caller, name: str) -> dict[str, Any]:
    """Asked without a token."""
    answer = requests.get(f"{hubspot.running.url}/_simulator/{name}", timeout=5)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_state_shows_records_with_all_properties_and_links(hubspot: Caller) -> None:
    deal, ann = hubspot.deal(amount="5"), hubspot.contact("ann@b.io", phone="1")
    hubspot.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/default/contacts/{ann}")
    hubspot.property("contacts", "ai_score")
    state = control(hubspot, "state")
    assert state["associations"] == [{"deal": deal, "contact": ann}]
    assert state["contacts"][0]["properties"]["phone"] == "1"
    assert state["deals"][0]["properties"]["amount"] == "5"
    assert state["properties"] == {"contacts": ["ai_score"], "deals": []}


def test_the_log_tells_calls_and_sizes_and_no_personal_data(hubspot: Caller) -> None:
    hubspot.upsert(row("ann@b.io"), row("bob@b.io"))
    hubspot.get(f"{CONTACTS}/ann%40b.io", params={"idProperty": "email"})
    write, read = control(hubspot, "log")["requests"]
    assert (write["method"], write["status"], write["inputs"]) == ("POST", 200, 2)
    assert write["kind"] == "POST objects/contacts/batch/upsert"
    assert (read["path"], read["kind"]) == ("/crm/v3/objects/contacts/(hidden)", "GET objects/contacts/{id}")
    assert "b.io" not in str(control(hubspot, "log"))


def test_the_log_proves_the_largest_window(hubspot: Caller, clock: Clock) -> None:
    for pause in (0, 0, 9.9, 0.2, 0, 30):
        clock.forward(seconds=pause)
        hubspot.get(CONTACTS)
    assert control(hubspot, "log")["largestWindows"] == {"general": 3}


def test_a_reset_empties_the_account(hubspot: Caller) -> None:
    hubspot.contact("ann@b.io")
    hubspot.property("contacts", "ai_score")
    assert requests.post(f"{hubspot.running.url}/_simulator/reset", timeout=5).status_code == 204
    state = control(hubspot, "state")
    assert (state["contacts"], state["properties"]["contacts"]) == ([], [])
    assert hubspot.contact("ann@b.io")


def test_an_account_is_emptied_of_all_but_what_it_was_set_up_with(hubspot: Caller) -> None:
    hubspot.contact("ann@b.io")
    hubspot.property("contacts", "ai_score")
    assert requests.post(f"{hubspot.running.url}/_simulator/empty", timeout=5).status_code == 204
    state = control(hubspot, "state")
    assert (state["contacts"], state["properties"]["contacts"]) == ([], ["ai_score"])
    assert hubspot.contact("ann@b.io")


def post(hubspot: Caller, name: str, body: dict[str, object]) -> int:
    return requests.post(f"{hubspot.running.url}/_simulator/{name}", json=body, timeout=5).status_code


def test_a_token_can_be_revoked_in_the_middle_of_a_run(hubspot: Caller) -> None:
    assert post(hubspot, "access", {"token": "another"}) == 204
    assert hubspot.get(CONTACTS).status_code == 401


def test_a_scope_can_be_taken_away_in_the_middle_of_a_run(hubspot: Caller) -> None:
    assert post(hubspot, "access", {"scopes": ["crm.objects.contacts.read"]}) == 204
    assert hubspot.get(CONTACTS).status_code == 200
    assert hubspot.post(CONTACTS, {"properties": {}}).status_code == 403


def test_switches_are_changed_by_name_and_kept_otherwise(hubspot: Caller) -> None:
    assert post(hubspot, "switches", {"burst_limit": 1}) == 204
    found: Any = control(hubspot, "switches")
    assert (found["burst_limit"], found["search_limit"]) == (1, 5)
    assert [hubspot.get(CONTACTS).status_code for _ in range(2)] == [200, 429]
    assert post(hubspot, "switches", {"nope": 1}) == 400


def test_the_clock_can_be_moved_forward(hubspot: Caller) -> None:
    post(hubspot, "switches", {"burst_limit": 1})
    hubspot.get(CONTACTS)
    assert post(hubspot, "clock", {"forward": 10}) == 204
    assert hubspot.get(CONTACTS).status_code == 200
    assert post(hubspot, "clock", {"forward": "10"}) == 400


def test_another_site_cannot_reach_in(hubspot: Caller) -> None:
    headers = {"Origin": "http://elsewhere.example"}
    answer = requests.post(f"{hubspot.running.url}/_simulator/reset", headers=headers, timeout=5)
    assert answer.status_code == 403


def test_duplicates_are_named_and_a_clean_account_has_none(hubspot: Caller) -> None:
    ann, first, second = hubspot.contact("ann@b.io"), hubspot.deal(), hubspot.deal()
    assert control(hubspot, "state")["duplicates"] == []
    for deal in (first, second):
        hubspot.call("PUT", f"/crm/v4/objects/deals/{deal}/associations/default/contacts/{ann}")
    found = control(hubspot, "state")["duplicates"]
    assert found == [{"property": "deals.dealname", "records": [first, second]}]


def test_the_same_seed_makes_the_same_account(clock: Clock) -> None:
    made = []
    for _ in range(2):
        with hubspot_simulator.serve(token=TOKEN, clock=clock, seed=1) as running:
            caller = Caller(running)
            answer = caller.upsert(*[row(f"p{number}@b.io", str(number)) for number in range(5)])
            made.append([(result["id"], result["objectWriteTraceId"]) for result in answer.json()["results"]])
            caller.session.close()
    assert made[0] == made[1]
