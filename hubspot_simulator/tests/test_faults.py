import time

import pytest
import requests

from hubspot_simulator.account.faults import Effect, Fault

from .conftest import CONTACTS, Caller, row

UPSERT = f"{CONTACTS}/batch/upsert"


def plan(hubspot: Caller, **fault: object) -> None:
    answer = requests.post(f"{hubspot.running.url}/_simulator/faults", json=fault, timeout=5)
    assert answer.status_code == 204, answer.text


def addresses(hubspot: Caller) -> list[str]:
    return [record.get("email") for record in hubspot.running.store.contacts()]


@pytest.mark.parametrize("status", [423, 429, 500, 503])
def test_a_failure_before_the_write_leaves_nothing(hubspot: Caller, status: int) -> None:
    plan(hubspot, effect="status", status=status)
    answer = hubspot.upsert(row("ann@b.io"))
    assert (answer.status_code, answer.json()["status"], addresses(hubspot)) == (status, "error", [])


@pytest.mark.parametrize("status", [502, 504, 524])
def test_a_proxy_answers_a_page_after_the_write_was_applied(hubspot: Caller, status: int) -> None:
    plan(hubspot, effect="status", status=status, moment="after")
    answer = hubspot.upsert(row("ann@b.io"))
    assert (answer.status_code, addresses(hubspot)) == (status, ["ann@b.io"])
    assert answer.headers["Content-Type"].startswith("text/html")
    assert not [name for name in answer.headers if name.startswith("X-HubSpot")]


def test_before_and_after_look_the_same_from_outside(hubspot: Caller) -> None:
    seen = []
    for moment in ("before", "after"):
        plan(hubspot, effect="status", status=503, moment=moment, times=1)
        answer = hubspot.upsert(row("ann@b.io"))
        seen.append((answer.status_code, answer.json()["message"], sorted(answer.headers)))
    assert seen[0] == seen[1]


@pytest.mark.parametrize(("status", "body"), [(400, "<html>Blocked</html>"), (200, ""), (200, "{}")])
def test_a_box_in_between_answers_what_it_likes_and_nothing_is_written(
    hubspot: Caller, status: int, body: str
) -> None:
    plan(hubspot, effect="foreign", status=status, body=body)
    answer = hubspot.upsert(row("ann@b.io"))
    assert (answer.status_code, answer.text, addresses(hubspot)) == (status, body, [])


def test_a_477_says_when_to_come_back(hubspot: Caller) -> None:
    plan(hubspot, effect="status", status=477, seconds=3600)
    assert hubspot.upsert(row("ann@b.io")).headers["Retry-After"] == "3600"


@pytest.mark.parametrize(("moment", "written"), [("before", []), ("after", ["ann@b.io"])])
def test_a_reset_connection_hides_whether_it_was_written(
    hubspot: Caller, moment: str, written: list[str]
) -> None:
    plan(hubspot, effect="reset", moment=moment)
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        hubspot.upsert(row("ann@b.io"))
    assert addresses(hubspot) == written


def test_a_hang_outlasts_the_callers_patience_after_the_write(hubspot: Caller) -> None:
    plan(hubspot, effect="hang", moment="after")
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            hubspot.running.url + UPSERT,
            json={"inputs": [row("ann@b.io")]},
            headers=dict(hubspot.session.headers),
            timeout=0.2,
        )
    assert addresses(hubspot) == ["ann@b.io"]


def test_a_hang_does_not_hold_up_other_calls_or_the_stop(hubspot: Caller) -> None:
    plan(hubspot, effect="hang", times=1)
    with pytest.raises(requests.ReadTimeout):
        requests.get(
            hubspot.running.url + CONTACTS,
            headers=dict(hubspot.session.headers),
            timeout=0.1,
        )
    assert hubspot.get(CONTACTS).status_code == 200


def test_a_slow_body_arrives_whole(hubspot: Caller) -> None:
    plan(hubspot, effect="slow", seconds=0.3)
    started = time.monotonic()
    assert hubspot.upsert(row("ann@b.io")).json()["results"]
    assert time.monotonic() - started >= 0.3


def test_truncated_json_breaks_off_after_the_write(hubspot: Caller) -> None:
    plan(hubspot, effect="truncated")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        hubspot.upsert(row("ann@b.io"))
    assert addresses(hubspot) == ["ann@b.io"]


def test_a_part_of_a_batch_is_written_and_then_it_fails(hubspot: Caller) -> None:
    plan(hubspot, effect="status", moment="partial", inputs=2)
    answer = hubspot.upsert(*[row(f"p{number}@b.io") for number in range(5)])
    assert (answer.status_code, addresses(hubspot)) == (503, ["p0@b.io", "p1@b.io"])


@pytest.mark.parametrize(("moment", "written"), [("before", 2), ("after", 3)])
def test_a_silent_failure_leaves_an_input_out_of_results_and_errors(
    hubspot: Caller, moment: str, written: int
) -> None:
    plan(hubspot, effect="silent", moment=moment)
    answer = hubspot.upsert(*[row(f"p{number}@b.io", str(number)) for number in range(3)])
    assert (answer.status_code, len(answer.json()["results"])) == (200, 2)
    assert ("errors" in answer.json(), len(addresses(hubspot))) == (False, written)


def test_a_fault_hits_its_route_only(hubspot: Caller) -> None:
    plan(hubspot, effect="status", route="POST objects/deals*")
    assert hubspot.get(CONTACTS).status_code == 200
    assert hubspot.post("/crm/v3/objects/deals", {"properties": {}}).status_code == 503


def test_a_fault_counts_its_calls(hubspot: Caller) -> None:
    plan(hubspot, effect="status", skip=1, every=2, times=2)
    seen = [hubspot.get(CONTACTS).status_code for _ in range(7)]
    assert seen == [200, 503, 200, 503, 200, 200, 200]


def test_a_probable_fault_hits_some(hubspot: Caller) -> None:
    plan(hubspot, effect="status", probability=0.5)
    seen = [hubspot.get(CONTACTS).status_code for _ in range(40)]
    assert 8 < seen.count(503) < 32


def test_faults_are_logged_listed_and_cleared(hubspot: Caller) -> None:
    faults = f"{hubspot.running.url}/_simulator/faults"
    plan(hubspot, effect="status")
    hubspot.get(CONTACTS)
    assert hubspot.running.portal.calls.kept[-1].fault == "status"
    assert requests.get(faults, timeout=5).json()["results"][0]["struck"] == 1
    requests.delete(faults, timeout=5)
    assert hubspot.get(CONTACTS).status_code == 200


def test_a_fault_can_be_planned_in_process(hubspot: Caller) -> None:
    effect: Effect = "status"
    hubspot.running.portal.faults.plan(Fault(effect, times=1))
    assert [hubspot.get(CONTACTS).status_code for _ in range(2)] == [503, 200]


@pytest.mark.parametrize(
    "fault",
    [{"effect": "x"}, {"moment": "never"}, {"status": "503"}, {"nope": 1}, {"every": 0}, {"times": "all"}],
)
def test_a_fault_nobody_can_mean_is_refused(hubspot: Caller, fault: dict[str, object]) -> None:
    answer = requests.post(f"{hubspot.running.url}/_simulator/faults", json=fault, timeout=5)
    assert answer.status_code == 400
