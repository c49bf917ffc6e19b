"""Waking a worker: never at the cost of the request that asks for it."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from celery import current_app
from django.db import transaction
from redis import Redis

from config.embedded.valkey import Valkey
from config.tests.processes import await_that
from queues import wakeup

TASK = "any.task"


@pytest.fixture
def silent_redis(fresh_wakeup: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A Redis that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(5)
        redis_at(monkeypatch, f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
        yield listener


@pytest.fixture
def refusing_redis(fresh_wakeup: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port where nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        redis_at(monkeypatch, f"redis://127.0.0.1:{listener.getsockname()[1]}/0")


@pytest.fixture
def own_redis(tmp_path: Path, fresh_wakeup: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """A Redis that nobody else talks to."""
    server = Valkey(tmp_path / "valkey", tmp_path / "valkey.log", durable=False, environment={})
    with server.running() as url, Redis.from_url(url) as redis:
        redis_at(monkeypatch, url)
        yield redis


def redis_at(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(current_app.conf, "broker_url", url)
    monkeypatch.setattr(current_app.conf, "broker_write_url", url)


def seconds_to_commit() -> float:
    """Of a transaction that wakes a worker after its commit."""
    started = time.monotonic()
    with transaction.atomic():
        transaction.on_commit(partial(wakeup.wake_up, TASK), robust=True)
    taken = time.monotonic() - started
    wakeup.pending.send_due()
    return taken


def wake_up_now() -> None:
    wakeup.wake_up(TASK)
    wakeup.pending.send_due()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("redis", ["refusing_redis", "silent_redis"])
def test_a_redis_that_is_away_neither_fails_nor_delays_a_request(
    redis: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(redis)
    assert seconds_to_commit() < wakeup.TIMEOUT_SECONDS


def test_after_a_failure_no_wake_up_is_tried(silent_redis: socket.socket) -> None:
    wake_up_now()
    silent_redis.accept()[0].close()
    silent_redis.settimeout(0.1)
    wake_up_now()
    with pytest.raises(TimeoutError):
        silent_redis.accept()


def test_after_the_rest_workers_are_woken_again(silent_redis: socket.socket) -> None:
    wake_up_now()
    silent_redis.accept()[0].close()
    wakeup.rest.end()
    wake_up_now()
    silent_redis.accept()[0].close()


@pytest.mark.django_db(transaction=True)
def test_the_wake_up_waits_for_the_commit(silent_redis: socket.socket) -> None:
    silent_redis.settimeout(0.1)
    with transaction.atomic():
        transaction.on_commit(partial(wakeup.wake_up, TASK), robust=True)
        with pytest.raises(TimeoutError):
            silent_redis.accept()
    silent_redis.settimeout(5)
    silent_redis.accept()[0].close()


def test_wake_ups_that_come_together_are_one_and_need_nobody_to_send_them(own_redis: Redis) -> None:
    for _ in range(100):
        wakeup.wake_up(TASK)
    await_that(lambda: own_redis.llen("celery") == 1, seconds=10)
    wake_up_now()
    assert own_redis.llen("celery") == 2


def test_wake_ups_share_one_connection(own_redis: Redis) -> None:
    wake_up_now()
    before = own_redis.info("stats")["total_connections_received"]
    for _ in range(5):
        wake_up_now()
    assert own_redis.info("stats")["total_connections_received"] == before
    assert own_redis.llen("celery") == 6


def test_a_connection_that_redis_closed_costs_no_wake_up(own_redis: Redis) -> None:
    wake_up_now()
    own_redis.client_kill_filter(_type="normal", skipme=True)
    wake_up_now()
    assert own_redis.llen("celery") == 2
