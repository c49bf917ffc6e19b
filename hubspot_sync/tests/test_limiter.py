"""The limit of all workers, held against HubSpot's own count of the calls."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from redis import Redis

import hubspot_simulator
from hubspot_simulator.account.faults import Fault
from hubspot_sync.http.backoff import until_midnight
from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.http.errors import Throttled
from hubspot_sync.http.limiter import UNKNOWN_MIDNIGHT, Limiter, rate_limits
from hubspot_sync.http.rate_headers import RateHeaders
from hubspot_sync.http.rate_window import MICRO, CallSlot, RateLimit, SharedWindows
from web.redis import WORKER_SECONDS

CONTACT = "/crm/v3/objects/contacts/1"
LIMIT, WINDOW = 40, 2.0
WORKERS = 4
# 95 % of a window of ten seconds, which script/chaos measures, leave half a second for a call's own time.
ENOUGH = WINDOW / (WINDOW + 0.5)
TRIES = 3
RULES = {bucket: RateLimit(LIMIT, WINDOW) for bucket in ("general", "associations")} | {
    "search": RateLimit(5, 1.0)
}


def limiter(url: str = "", *, zone: str | None = None) -> Limiter:
    return Limiter(url or settings.RATE_LIMIT_REDIS_URL, RULES, workers=WORKERS, zone=zone)


def call(limiter: Limiter, *, path: str = CONTACT, patience: float = 0, **says: Any) -> None:
    """One call; `says` is what HubSpot's answer tells about our pace."""
    limiter.answered(limiter.take(path, patience=patience), RateHeaders(**says))


def wait_of(limiter: Limiter, *, path: str = CONTACT) -> float:
    """How long the limiter makes a worker wait that asks for a place now."""
    with pytest.raises(Throttled) as caught:
        limiter.take(path, patience=0)
    return caught.value.seconds


# Many workers, one limit


@pytest.fixture
def hubspot() -> Iterator[hubspot_simulator.Running]:
    switches = hubspot_simulator.Switches(burst_limit=LIMIT, burst_seconds=WINDOW)
    with hubspot_simulator.serve(token="t", seed=3, switches=switches) as running:
        yield running


def work(hubspot: hubspot_simulator.Running, until: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four workers call as fast as they are allowed, each with a limiter and a connection of its own."""
    own = threading.local()
    monkeypatch.setattr("hubspot_sync.http.client.limiter", lambda: own.limiter)

    def one_worker() -> None:
        own.limiter = limiter()
        with closing(HubSpotClient(hubspot.url, "t", version="v3")) as client:
            while time.monotonic() < until:
                try:
                    client.call("GET", "/crm/v3/objects/contacts")
                except Throttled as error:
                    time.sleep(min(error.seconds, 0.5))

    threads = [threading.Thread(target=one_worker) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def calls_of(hubspot: hubspot_simulator.Running) -> list[datetime]:
    return [call.at for call in hubspot.portal.calls.kept]


def share_used(times: list[datetime]) -> float:
    """Of the calls that were allowed between the first and the last, how many were made."""
    return (len(times) - 1) / ((times[-1] - times[0]).total_seconds() * LIMIT / WINDOW)


def most_used(hubspot: hubspot_simulator.Running, monkeypatch: pytest.MonkeyPatch) -> float:
    """The share of the best of some tries: a machine may stall. The limit holds in each of them."""
    shares: list[float] = []
    while len(shares) < TRIES and max(shares, default=0) <= ENOUGH:
        hubspot.portal.calls.clear()
        work(hubspot, time.monotonic() + 3 * WINDOW, monkeypatch)
        assert hubspot.portal.calls.largest_windows(hubspot.portal.switches)["general"] <= LIMIT
        shares.append(share_used(calls_of(hubspot)))
    return max(shares)


def test_four_workers_use_the_limit_and_never_exceed_it(
    hubspot: hubspot_simulator.Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert most_used(hubspot, monkeypatch) > ENOUGH
    assert {call.status for call in hubspot.portal.calls.kept} == {200}


def test_with_429_on_half_of_the_calls_the_limit_is_used_and_not_exceeded(
    hubspot: hubspot_simulator.Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    hubspot.portal.faults.plan(Fault("status", status=429, probability=0.5))
    assert most_used(hubspot, monkeypatch) > ENOUGH


# One place after the other: `calm` is a window so long that no slow machine matters, and nobody sleeps

CALM = RateLimit(LIMIT, 3600.0)


@pytest.fixture
def calm() -> Iterator[SharedWindows]:
    with Redis.from_url(settings.RATE_LIMIT_REDIS_URL, decode_responses=True) as redis:
        yield SharedWindows(redis)


def use(calm: SharedWindows, **says: Any) -> CallSlot:
    """A place before the first one is free again, and an answer. Raises Throttled when there is none."""
    place = calm.take("general", CALM, patience=0.95 * CALM.seconds)
    calm.answered(place, CALM, RateHeaders(**says), park=None)
    return place


def places_left(calm: SharedWindows) -> int:
    for made in range(2 * LIMIT):
        try:
            use(calm)
        except Throttled:
            return made
    raise AssertionError("the limiter never refused")


def test_calls_are_spread_over_the_window_so_that_nobody_waits_long(calm: SharedWindows) -> None:
    moments = [use(calm).at for _ in range(LIMIT)]
    at_once = LIMIT // 10
    gaps = [later - one for one, later in pairwise(moments[at_once + 1 :])]
    assert gaps == pytest.approx([CALM.seconds / LIMIT * MICRO] * len(gaps), abs=2)
    assert moments[at_once] - moments[0] < CALM.seconds / LIMIT * MICRO


def test_a_place_is_held_until_a_window_after_the_answer() -> None:
    one = Limiter(settings.RATE_LIMIT_REDIS_URL, {"general": RateLimit(1, 1.0)}, workers=WORKERS)
    place = one.take(CONTACT, patience=0)
    time.sleep(1.1)  # longer than a window
    assert wait_of(one) > 0
    one.answered(place, RateHeaders())
    assert 0 < wait_of(one) <= 1.0
    call(one, patience=1.5)


def test_a_place_of_a_worker_that_died_is_free_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubspot_sync.http.rate_window.FLIGHT_SECONDS", 0.1)
    one = Limiter(settings.RATE_LIMIT_REDIS_URL, {"general": RateLimit(1, 0.2)}, workers=WORKERS)
    one.take(CONTACT, patience=0)
    one.take(CONTACT, patience=0.5)


@pytest.mark.parametrize(
    "path", ["/crm/v3/objects/contacts/search", "/crm/v4/associations/deals/contacts/batch"]
)
def test_searches_and_associations_have_windows_of_their_own(path: str) -> None:
    one = limiter()
    call(one, refused=True)
    call(one, path=path)
    assert wait_of(one) > 1


def test_headroom_is_left_to_others() -> None:
    assert rate_limits(190, headroom=10)["general"].calls == 171
    assert rate_limits(1, headroom=90)["general"].calls == 1


# What HubSpot says


def test_a_refusal_stops_all_workers_for_the_rest_of_the_window() -> None:
    one, other = limiter(), limiter()
    call(one, refused=True)
    assert WINDOW - 0.5 < wait_of(other) <= WINDOW
    assert WINDOW - 0.5 < other.closed_for() <= WINDOW


def test_a_refusal_that_names_a_time_stops_all_workers_so_long() -> None:
    one, other = limiter(), limiter()
    call(one, refused=True, wait=300.0)
    assert 299 < wait_of(other) <= 300


def test_refusals_in_a_row_make_longer_pauses_though_places_remain(calm: SharedWindows) -> None:
    waits = []
    for _ in range(6):
        use(calm, refused=True, limit=LIMIT, remaining=LIMIT // 2)
        waits.append(calm.closed_for("general"))
    assert waits[1] == 0 < waits[3] < waits[5] <= CALM.seconds


def test_an_answer_after_refusals_ends_their_row(calm: SharedWindows) -> None:
    for refused in (True, True, True, False, True, True):
        use(calm, refused=refused, limit=LIMIT, remaining=LIMIT // 2)
    pause = CALM.seconds / LIMIT  # of the third; the fifth and sixth made none
    assert 0 < calm.closed_for("general") <= pause


def test_calls_of_others_on_our_token_are_left_room(calm: SharedWindows) -> None:
    use(calm, limit=LIMIT, remaining=3)
    assert places_left(calm) == 3


def test_our_own_calls_are_not_taken_for_those_of_others(calm: SharedWindows) -> None:
    for made in range(1, LIMIT // 2):
        use(calm, limit=LIMIT, remaining=LIMIT - made)
    assert places_left(calm) == LIMIT // 2 + 1


def test_a_redis_that_forgot_learns_from_the_next_answer() -> None:
    one = limiter()
    with Redis.from_url(settings.RATE_LIMIT_REDIS_URL) as redis:
        redis.flushdb()
    call(one, limit=LIMIT, remaining=0)
    assert wait_of(limiter()) > 1


def test_an_account_that_allows_less_than_was_set_is_obeyed(calm: SharedWindows) -> None:
    use(calm, limit=5, remaining=4)
    assert places_left(calm) == 4


def test_an_account_that_allows_more_than_was_set_changes_nothing(calm: SharedWindows) -> None:
    use(calm, limit=10 * LIMIT, remaining=10 * LIMIT - 1)
    assert places_left(calm) == LIMIT - 1


# The day


def test_a_used_up_day_stops_all_workers_until_midnight_of_the_account() -> None:
    zone = "America/New_York"
    call(limiter(zone=zone), refused=True, day_is_used_up=True)
    midnight = until_midnight(datetime.now(UTC), zone)
    for path in (CONTACT, "/crm/v3/objects/contacts/search"):
        assert wait_of(limiter(), path=path) == pytest.approx(midnight, abs=60)


@pytest.mark.parametrize("zone", [None, "", "Atlantis/Capital", "Europe"])
def test_where_midnight_is_not_known_we_look_again_in_an_hour(zone: str | None) -> None:
    one = limiter(zone=zone)
    call(one, refused=True, day_is_used_up=True)
    assert wait_of(one) == pytest.approx(UNKNOWN_MIDNIGHT, abs=5)


def test_a_used_up_day_is_remembered_without_redis(refused_url: str) -> None:
    one = alone(refused_url)
    call(one, refused=True, day_is_used_up=True)
    assert one.closed_for() == pytest.approx(UNKNOWN_MIDNIGHT, abs=5)
    assert wait_of(one) == pytest.approx(UNKNOWN_MIDNIGHT, abs=5)


# Without Redis


def alone(url: str) -> Limiter:
    """A limiter whose Redis went away a window ago."""
    one = limiter(url)
    wait = wait_of(one)
    assert 0 < wait <= WINDOW
    time.sleep(wait)
    return one


@pytest.mark.parametrize("url", ["refused_url", "frozen_url"])
def test_without_redis_each_worker_keeps_to_its_share(url: str, request: pytest.FixtureRequest) -> None:
    one = alone(request.getfixturevalue(url))
    began = time.monotonic()
    for _ in range(LIMIT // WORKERS // 2 + 1):
        call(one, patience=0.5)
    assert time.monotonic() - began > WINDOW / 2 - 0.05


def test_without_redis_a_refusal_stops_this_worker(refused_url: str) -> None:
    one = alone(refused_url)
    call(one, refused=True, wait=60.0)
    assert 59 < wait_of(one) <= 60


def test_a_frozen_redis_is_waited_for_once(frozen_url: str) -> None:
    one, began = limiter(frozen_url), time.monotonic()
    for _ in range(20):
        wait_of(one)
    assert time.monotonic() - began < WORKER_SECONDS + 1
