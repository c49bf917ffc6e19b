import requests

from .conftest import CONTACTS, Caller, Clock, switch

ACCOUNT = "/account-info/v3/details"


def fill(hubspot: Caller, count: int) -> list[int]:
    return [hubspot.get(ACCOUNT).status_code for _ in range(count)]


def test_the_call_over_the_limit_is_429_without_retry_after(hubspot: Caller) -> None:
    assert fill(hubspot, 100) == [200] * 100
    answer = hubspot.get(ACCOUNT)
    assert (answer.status_code, answer.json()["policyName"]) == (429, "TEN_SECONDLY_ROLLING")
    assert answer.json()["errorType"] == "RATE_LIMIT"
    assert answer.json()["message"] == "You have reached your ten_secondly_rolling limit."
    assert "Retry-After" not in answer.headers
    assert "category" not in answer.json()


def test_the_window_rolls(hubspot: Caller, clock: Clock) -> None:
    switch(hubspot, burst_limit=2)
    assert fill(hubspot, 1) == [200]
    clock.forward(seconds=6)
    assert fill(hubspot, 2) == [200, 429]
    clock.forward(seconds=4)
    assert fill(hubspot, 2) == [200, 429]


def test_the_window_can_be_shorter_than_hubspots(hubspot: Caller, clock: Clock) -> None:
    switch(hubspot, burst_limit=1, burst_seconds=2)
    assert fill(hubspot, 2) == [200, 429]
    clock.forward(seconds=2)
    assert hubspot.get(ACCOUNT).headers["X-HubSpot-RateLimit-Interval-Milliseconds"] == "2000"


def test_ordinary_answers_tell_what_is_left(hubspot: Caller) -> None:
    fill(hubspot, 1)
    for answer in (hubspot.get(ACCOUNT), hubspot.get(f"{CONTACTS}/1"), hubspot.post(CONTACTS, {})):
        headers = {name: value for name, value in answer.headers.items() if "RateLimit" in name}
        assert headers.pop("X-HubSpot-RateLimit-Max") == "100"
        assert headers.pop("X-HubSpot-RateLimit-Interval-Milliseconds") == "10000"
        assert len(headers) == 5
    assert headers["X-HubSpot-RateLimit-Remaining"] == "96"
    assert headers["X-HubSpot-RateLimit-Daily-Remaining"] == "249996"


def test_every_answer_has_a_correlation_id(hubspot: Caller) -> None:
    good, bad = hubspot.get(ACCOUNT), hubspot.get(f"{CONTACTS}/1")
    assert good.headers["X-HubSpot-Correlation-Id"] != bad.headers["X-HubSpot-Correlation-Id"]
    assert bad.json()["correlationId"] == bad.headers["X-HubSpot-Correlation-Id"]


def test_associations_have_a_window_of_their_own(hubspot: Caller) -> None:
    deal = hubspot.deal()
    switch(hubspot, burst_limit=1)
    assert fill(hubspot, 1) == [429]
    assert hubspot.get(f"/crm/v4/objects/deals/{deal}/associations/contacts").status_code == 200


def test_the_daily_limit_ends_at_midnight_of_the_account(hubspot: Caller, clock: Clock) -> None:
    switch(hubspot, daily_limit=1)
    assert fill(hubspot, 1) == [200]
    answer = hubspot.get(ACCOUNT)
    assert (answer.status_code, answer.json()["policyName"]) == (429, "DAILY")
    clock.forward(hours=16, minutes=59)  # 04:59 UTC is 23:59 in New York
    assert fill(hubspot, 1) == [429]
    clock.forward(minutes=1)
    assert fill(hubspot, 1) == [200]


def test_refused_calls_fill_the_window_when_the_switch_says_so(hubspot: Caller, clock: Clock) -> None:
    switch(hubspot, burst_limit=1, refused_calls_count=True)
    assert fill(hubspot, 2) == [200, 429]
    clock.forward(seconds=10)
    assert fill(hubspot, 1) == [200]
    clock.forward(seconds=5)
    assert fill(hubspot, 1) == [429]
    clock.forward(seconds=6)
    assert fill(hubspot, 1) == [429]


def test_retry_after_can_be_switched_on(hubspot: Caller) -> None:
    switch(hubspot, burst_limit=0, retry_after=True)
    assert hubspot.get(ACCOUNT).headers["Retry-After"] == "10"


def test_calls_without_a_token_spend_nothing(hubspot: Caller) -> None:
    requests.get(hubspot.running.url + ACCOUNT, timeout=5)
    assert hubspot.get(ACCOUNT).headers["X-HubSpot-RateLimit-Remaining"] == "99"
