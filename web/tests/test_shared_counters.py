"""Counting with Redis, without it, and with one that has frozen."""

import time

import pytest
from django.conf import settings
from limits import RateLimitItemPerHour

from web.shared_counters import Counters

TWO = RateLimitItemPerHour(2)


def allowed(counters: Counters, times: int = 3) -> list[bool]:
    return [counters.hit(TWO, "a client")[0] for _ in range(times)]


def test_a_limit_is_shared_by_all_processes() -> None:
    one, other = (Counters(settings.RATE_LIMIT_REDIS_URL) for _ in range(2))
    assert [allowed(one, 1), allowed(other, 1), allowed(one, 1)] == [[True], [True], [False]]


def test_a_connection_that_redis_has_closed_is_opened_again() -> None:
    counters = Counters(settings.RATE_LIMIT_REDIS_URL)
    allowed(counters, 1)
    client = counters._redis.client
    for each in client.client_list():
        client.client_kill_filter(_id=each["id"], skipme=True)
    client.script_flush()  # as after a restart
    assert allowed(counters, 2) == [True, False]
    assert not counters.resting


def test_a_full_window_says_when_a_place_becomes_free() -> None:
    counters = Counters(settings.RATE_LIMIT_REDIS_URL)
    allowed(counters)
    _, remaining, free_at = counters.hit(TWO, "a client")
    assert remaining == 0
    assert 3500 < free_at - time.time() <= 3600


@pytest.mark.parametrize("url", ["refused_url", "frozen_url"])
def test_without_redis_each_process_counts_for_itself(url: str, request: pytest.FixtureRequest) -> None:
    assert allowed(Counters(request.getfixturevalue(url))) == [True, True, False]


def test_a_frozen_redis_is_waited_for_once(frozen_url: str) -> None:
    counters = Counters(frozen_url)
    begin = time.monotonic()
    allowed(counters, 50)
    assert time.monotonic() - begin < 1.0
    assert counters.resting


def test_a_value_is_remembered_by_whoever_was_first() -> None:
    one, other = (Counters(settings.RATE_LIMIT_REDIS_URL) for _ in range(2))
    assert one.get_or_set("key", "first", seconds=60) == "first"
    assert other.get_or_set("key", "second", seconds=60) == "first"


def test_a_redis_that_is_gone_remembers_nothing(refused_url: str) -> None:
    assert Counters(refused_url).get_or_set("key", "value", seconds=60) is None
