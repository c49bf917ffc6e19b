"""Real worker processes: what they cost PostgreSQL, and what they survive."""

import signal
import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from redis import Redis

from config.tests.processes import await_that, launch

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def broker() -> Iterator[Redis]:
    """Emptied before each test, and nobody else's."""
    with Redis.from_url(settings.RATE_LIMIT_REDIS_URL) as redis:
        yield redis


@pytest.fixture
def worker(broker: Redis) -> Iterator[subprocess.Popen[str]]:
    """A worker with two children on the database of the test."""
    database = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    process = launch(
        *("-m", "celery", "--quiet", "--skip-checks", "-A", "config", "worker"),
        *("--concurrency", "2", "--loglevel", "ERROR", "--without-gossip", "--without-mingle"),
        DATABASE_PROFILE="worker",
        DATABASE_URL=database,
        REDIS_URL=settings.RATE_LIMIT_REDIS_URL,
        RATE_LIMIT_REDIS_URL=settings.RATE_LIMIT_REDIS_URL,
        HUBSPOT_TOKEN="t",
        HUBSPOT_BASE_URL="http://127.0.0.1:9",
    )
    yield process
    process.terminate()
    process.communicate(timeout=30)


def ring(broker: Redis, times: int) -> None:
    """Have so many tasks done."""
    with current_app.connection_for_write(settings.RATE_LIMIT_REDIS_URL) as connection:
        for _ in range(times):
            current_app.send_task("hubspot_sync.tasks.deliver_due", connection=connection)
    await_that(lambda: not broker.llen("celery") and not broker.hlen("unacked"), seconds=60)


def backends(*, busy: bool = False) -> set[int]:
    """The PostgreSQL processes that serve others than us; with `busy`, in the last two seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
            " AND (NOT %s OR state_change > clock_timestamp() - interval '2 s')",
            [busy],
        )
        return {pid for (pid,) in cursor.fetchall()}


def sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sessions FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def test_a_worker_keeps_its_connections_from_task_to_task(
    worker: subprocess.Popen[str], broker: Redis
) -> None:
    ring(broker, 2)  # then it has started, and looked whether a pooler stands between it and PostgreSQL
    before = sessions()
    ring(broker, 60)
    worker.send_signal(signal.SIGTERM)
    worker.wait(30)
    assert sessions() - before <= 60 / 20


def test_connections_that_were_cut_fail_no_later_task(worker: subprocess.Popen[str], broker: Redis) -> None:
    ring(broker, 20)
    await_that(lambda: not backends(busy=True))  # messages are acknowledged before their tasks run
    cut = backends()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [list(cut)])
    await_that(lambda: not cut & backends())
    ring(broker, 20)
    assert backends()
    worker.terminate()
    assert worker.communicate(timeout=30)[1].count('"level": "ERROR"') == 0
