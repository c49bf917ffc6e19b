from typing import Any

import pytest

from hubspot_simulator.rules import searching

from .conftest import CONTACTS, Caller, Clock, row

EVERYTHING: dict[str, Any] = {"filterGroups": []}


def by_email(address: str) -> dict[str, Any]:
    return {"filterGroups": [{"filters": [{"propertyName": "email", "operator": "EQ", "value": address}]}]}


def total(hubspot: Caller, body: dict[str, Any]) -> int:
    answer = hubspot.post(f"{CONTACTS}/search", body)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["total"])


def test_the_index_lags_and_a_read_does_not(hubspot: Caller, clock: Clock) -> None:
    ann = hubspot.contact("ann@b.io")
    assert total(hubspot, by_email("ann@b.io")) == 0
    assert hubspot.get(f"{CONTACTS}/{ann}").status_code == 200
    clock.forward(seconds=7.5)
    assert total(hubspot, by_email("ann@b.io")) == 1


def test_a_change_is_found_under_its_old_value_for_a_while(hubspot: Caller, clock: Clock) -> None:
    ann = hubspot.contact("ann@b.io")
    clock.forward(minutes=1)
    hubspot.patch(f"{CONTACTS}/{ann}", {"properties": {"email": "new@b.io"}})
    assert (total(hubspot, by_email("ann@b.io")), total(hubspot, by_email("new@b.io"))) == (1, 0)


def test_records_lag_each_for_its_own_time(hubspot: Caller, clock: Clock) -> None:
    hubspot.upsert(*[row(f"p{number}@b.io") for number in range(50)])
    clock.forward(seconds=5)
    assert 5 < total(hubspot, EVERYTHING) < 45


def test_archived_records_never_appear(hubspot: Caller, clock: Clock) -> None:
    ann = hubspot.contact("ann@b.io")
    clock.forward(minutes=1)
    hubspot.call("DELETE", f"{CONTACTS}/{ann}")
    assert total(hubspot, by_email("ann@b.io")) == 0


def test_pages_follow_an_offset(hubspot: Caller, clock: Clock) -> None:
    hubspot.upsert(*[row(f"p{number}@b.io") for number in range(5)])
    clock.forward(minutes=1)
    first = hubspot.post(f"{CONTACTS}/search", {"limit": 3}).json()
    last = hubspot.post(f"{CONTACTS}/search", {"limit": 3, "after": first["paging"]["next"]["after"]}).json()
    assert len({record["id"] for record in first["results"] + last["results"]}) == 5
    assert (first["total"], "paging" in last) == (5, False)


def test_the_sixth_search_in_a_second_is_429_with_a_body_of_its_own(hubspot: Caller, clock: Clock) -> None:
    assert [total(hubspot, EVERYTHING) for _ in range(5)] == [0] * 5
    answer = hubspot.post(f"{CONTACTS}/search", EVERYTHING)
    assert (answer.status_code, answer.json()["category"]) == (429, "RATE_LIMITS")
    assert answer.json()["message"] == "You have reached your secondly limit."
    assert not {"policyName", "errorType"} & set(answer.json())
    clock.forward(seconds=1)
    assert total(hubspot, EVERYTHING) == 0


def test_search_answers_tell_the_daily_limit_only(hubspot: Caller) -> None:
    headers = hubspot.post(f"{CONTACTS}/search", EVERYTHING).headers
    told = sorted(name for name in headers if "RateLimit" in name)
    assert told == ["X-HubSpot-RateLimit-Daily", "X-HubSpot-RateLimit-Daily-Remaining"]


def test_searches_spend_none_of_the_ordinary_window(hubspot: Caller) -> None:
    total(hubspot, EVERYTHING)
    assert hubspot.get(CONTACTS).headers["X-HubSpot-RateLimit-Remaining"] == "99"


FILTER = {"propertyName": "email", "operator": "HAS_PROPERTY"}


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"limit": 0},
        {"after": 9_999, "limit": 2},
        {"query": "x" * 3_000},
        {"filterGroups": [{"filters": [FILTER]}] * 6},
        {"filterGroups": [{"filters": [FILTER] * 7}]},
        {"filterGroups": [{"filters": [FILTER] * 5}] * 4},
        {"filterGroups": [{"filters": [FILTER | {"propertyName": "nope"}]}]},
        {"filterGroups": [{"filters": [FILTER | {"operator": "LIKE"}]}]},
        {"filterGroups": [{"filters": [FILTER | {"operator": "BETWEEN", "value": "1"}]}]},
    ],
)
def test_a_search_that_asks_too_much_is_400(hubspot: Caller, body: dict[str, Any]) -> None:
    assert hubspot.post(f"{CONTACTS}/search", body).status_code == 400


@pytest.mark.parametrize(
    ("operator", "values", "fits"),
    [
        ("EQ", ("61",), True),
        ("EQ", ("61.0",), True),
        ("NEQ", ("61",), False),
        ("LT", ("100",), True),
        ("LTE", ("61",), True),
        ("GT", ("9",), True),
        ("GTE", ("62",), False),
        ("BETWEEN", ("60", "62"), True),
        ("IN", ("1", "61"), True),
        ("NOT_IN", ("1", "61"), False),
        ("HAS_PROPERTY", (), True),
        ("NOT_HAS_PROPERTY", (), False),
    ],
)
def test_an_operator_compares(operator: str, values: tuple[str, ...], fits: bool) -> None:
    assert searching.Filter("score", operator, values).fits({"score": "61"}) is fits


def test_one_group_must_fit_whole() -> None:
    known = {"a", "b"}
    groups = [
        {
            "filters": [
                {"propertyName": "a", "operator": "EQ", "value": "1"},
                {"propertyName": "b", "operator": "EQ", "value": "1"},
            ]
        },
        {"filters": [{"propertyName": "a", "operator": "EQ", "value": "2"}]},
    ]
    search = searching.read({"filterGroups": groups}, known)
    seen = [search.fits(held) for held in ({"a": "1"}, {"a": "1", "b": "1"}, {"a": "2"}, {})]
    assert seen == [False, True, True, False]
