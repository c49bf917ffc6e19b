"""A visitor never waits for Redis: refused or frozen, the form works on at its usual pace."""

import socket
import time
from collections.abc import Iterator

import pytest
import requests
from celery import current_app
from constance.test import override_config
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from hubspot_sync.models import SyncQueueItem
from queues import wakeup
from scorecard.models import QuestionnaireVersion
from web.shared_counters import counters

pytestmark = pytest.mark.django_db(transaction=True)

VISITORS = 10
TRIES = 3  # a machine may stall for a second; who waits for Redis does so each time


@pytest.fixture
def first_visit(version: QuestionnaireVersion, live_server: LiveServer) -> str:
    """A server that has loaded what it loads at the first visit, as any has that serves for a while."""
    visit(live_server.url, VISITORS)
    return live_server.url


@pytest.fixture(params=["refused", "frozen"])
def no_redis(
    request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Nobody listens at its port, or somebody does and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        settings.RATE_LIMIT_REDIS_URL = url
        for name in ("broker_url", "broker_write_url"):
            monkeypatch.setattr(current_app.conf, name, url)
        if request.param == "refused":
            server.close()
        yield
    counters.cache_clear()
    wakeup.rest.end()


def visit(url: str, number: int) -> list[float]:
    """One assessment from the start to the last click; the seconds that each request took."""
    caller, took = requests.Session(), []

    def post(path: str, body: object) -> requests.Response:
        began = time.monotonic()
        answer = caller.post(f"{url}/api/assessment/{path}", json=body)
        took.append(time.monotonic() - began)
        assert answer.status_code in (200, 201), answer.text
        return answer

    started = post("start", {}).json()
    caller.headers["X-CSRFToken"] = started["csrfToken"]
    for step, section in enumerate(started["questionnaire"]["sections"], start=1):
        answers = {question["key"]: "D" for question in section["questions"]}
        post("save-progress", {"step": step, "responses": answers})
    post("submit", {"contact": {"email": f"visitor{number}@x.example"}})
    return took


def test_no_request_fails_or_takes_a_second_without_redis(first_visit: str, no_redis: None) -> None:
    tries: list[list[float]] = []
    with override_config(LIMIT_STARTS_PER_HOUR=1000, LIMIT_SUBMITS_PER_HOUR=1000):
        while len(tries) < TRIES and max(quickest(tries), default=1) >= 1:
            counters.cache_clear()
            wakeup.rest.end()
            numbers = range(len(tries) * VISITORS, (len(tries) + 1) * VISITORS)
            tries.append([seconds for number in numbers for seconds in visit(first_visit, number)])
    assert max(quickest(tries)) < 1
    assert SyncQueueItem.objects.due().count() == len(tries) * VISITORS + 1


def quickest(tries: list[list[float]]) -> list[float]:
    """How long each request took in the try that was kindest to it."""
    return [min(times) for times in zip(*tries, strict=True)]
