"""The limit of all workers, held against HubSpot's own count of the calls."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime

import pytest
from django.conf import settings
from redis import Redis

from hubspot_sync import simulator
from hubspot_sync.client import HubSpotClient
from hubspot_sync.errors import Throttled
from hubspot_sync.limiter import Limiter, bucket_of, rules
from hubspot_sync.pressure import Pressure
from hubspot_sync.simulator.faults import Fault
from hubspot_sync.windows import Place, Rule

CONTACT = "/crm/v3/objects/contacts/1"
LIMIT, WINDOW = 40, 2.0
WORKERS = 4
RULES = {bucket: Rule(LIMIT, WINDOW) for bucket in ("general", "associations")} | {"search": Rule(5, 1.0)}


def limiter(url: str = "", **how: str | None) -> Limiter:
    return Limiter(url or settings.RATE_LIMIT_REDIS_URL, RULES, workers=WORKERS, **how)


def call(limiter: Limiter, pressure: Pressure = Pressure(), *, path: str = CONTACT) -> Place:
    place = limiter.take(path, patience=5)
    limiter.answered(place, pressure)
    return place


def refusal(limiter: Limiter, *, path: str = CONTACT, patience: float = 0) -> Throttled:
    with pytest.raises(Throttled) as caught:
        for _ in range(2 * LIMIT):
            limiter.answered(limiter.take(path, patience=patience), Pressure())
    return caught.value


# Many workers, one limit


@pytest.fixture
def hubspot() -> Iterator[simulator.Running]:
    switches = simulator.Switches(burst_limit=LIMIT, burst_seconds=WINDOW)
    with simulator.serve(token="t", seed=3, switches=switches) as running:
        yield running


def work(hubspot: simulator.Running, until: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four workers call as fast as they are allowed, each with a limiter and a connection of its own."""
    own = threading.local()
    monkeypatch.setattr("hubspot_sync.client.limiter", lambda: own.limiter)

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


def calls_of(hubspot: simulator.Running) -> list[datetime]:
    return [call.at for call in hubspot.portal.calls.kept]


def share_used(times: list[datetime]) -> float:
    """Of the calls that were allowed between the first and the last, how many were made."""
    return (len(times) - 1) / ((times[-1] - times[0]).total_seconds() * LIMIT / WINDOW)


def test_four_workers_use_the_limit_and_never_exceed_it(
    hubspot: simulator.Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(hubspot, time.monotonic() + 4 * WINDOW, monkeypatch)
    assert hubspot.portal.calls.largest_windows(hubspot.portal.switches)["general"] <= LIMIT
    assert {call.status for call in hubspot.portal.calls.kept} == {200}
    assert share_used(calls_of(hubspot)) > 0.95


def test_with_429_on_half_of_the_calls_the_limit_is_used_and_not_exceeded(
    hubspot: simulator.Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    hubspot.portal.faults.plan(Fault("status", status=429, probability=0.5))
    work(hubspot, time.monotonic() + 4 * WINDOW, monkeypatch)
    assert hubspot.portal.calls.largest_windows(hubspot.portal.switches)["general"] <= LIMIT
    assert share_used(calls_of(hubspot)) > 0.95
