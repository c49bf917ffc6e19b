"""What travels through the broker: names of tasks and ids, read as Redis holds them."""

import base64
import inspect
import json
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from redis import Redis

from hubspot_sync.delivery.enqueue import wake_worker
from operations.logs import OURS
from queues import wakeup

IDS = ("_id", "_ids")


@pytest.fixture
def broker(fresh_wakeup: None) -> Iterator[Redis]:
    """This test's own, into which wake-ups go."""
    before = current_app.conf.broker_write_url
    current_app.conf.broker_write_url = settings.RATE_LIMIT_REDIS_URL
    with Redis.from_url(settings.RATE_LIMIT_REDIS_URL) as redis:
        yield redis
    current_app.conf.broker_write_url = before


def own_tasks() -> dict[str, Any]:
    current_app.loader.import_default_modules()
    return {name: task for name, task in current_app.tasks.items() if name.partition(".")[0] in OURS}


def test_a_wake_up_carries_nothing_but_its_name(broker: Redis) -> None:
    wake_worker()
    wakeup.pending.send_due()
    (message,) = [json.loads(each) for each in broker.lrange("celery", 0, -1)]
    assert message["headers"]["task"] == "hubspot_sync.tasks.deliver_due"
    assert (message["headers"]["argsrepr"], message["headers"]["kwargsrepr"]) == ("()", "{}")
    assert json.loads(base64.b64decode(message["body"]))[:2] == [[], {}]


def test_every_task_takes_ids_only() -> None:
    for name, task in own_tasks().items():
        assert all(each.endswith(IDS) for each in inspect.signature(task.run).parameters), name


def test_the_schedule_sends_no_arguments() -> None:
    assert own_tasks().keys() >= {job["task"] for job in current_app.conf.beat_schedule.values()}
    for job in current_app.conf.beat_schedule.values():
        assert not job.keys() & {"args", "kwargs"}
