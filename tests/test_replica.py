"""Figures from a second PostgreSQL that streams from the first: how old they are, and what if it is away."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from django.db import connection, connections
from django.test import Client
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.tests.people import logged_in, member
from assessments.tests.factories import AssessmentFactory
from audit.models import SystemLog
from config.embedded import services
from config.embedded.postgres import Postgres, server_program
from config.tests.processes import await_that
from config.tests.test_settings import read
from monitoring.findings import Level
from operations.doctor.metrics import state_metrics
from operations.doctor.postgresql import read_replica
from tests.database import own_url
from tests.migrated import copy_database
from web.databases import replica

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("replica")]


@dataclass
class Pair:
    """A primary with the product's tables, and its replica, which can be stopped."""

    primary: str
    replica: str
    running: ExitStack = field(default_factory=ExitStack)

    def on_replica(self, statement: str) -> Any:
        with psycopg.connect(self.replica, autocommit=True) as connected:
            return connected.execute(statement).fetchone()

    def await_replay(self) -> None:
        """All that was committed until now is on the replica."""
        with psycopg.connect(self.primary) as connected:
            (written,) = connected.execute("SELECT pg_current_wal_lsn()::text").fetchone() or ("",)
        await_that(lambda: self.on_replica(f"SELECT pg_last_wal_replay_lsn() >= '{written}'")[0])


@pytest.fixture
def pair(
    tmp_path: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker, settings: Settings
) -> Iterator[Pair]:
    """Both run, and this process has the settings of a product with a replica.

    A test of Django's would open no connection but to its own database.
    """
    sockets = tmp_path / "s"
    sockets.mkdir()
    copy = Postgres(tmp_path / "replica", sockets, tmp_path / "log", durable=True, environment=os.environ)
    with ExitStack() as stack:
        ours = services(tmp_path / "primary", durable=True, redis_url=os.environ["REDIS_URL"])
        primary = stack.enter_context(ours).database_url
        copy_database(own_url(), primary)
        host = parse_qs(urlsplit(primary).query)["host"][0]
        command = [*server_program("pg_basebackup"), f"--host={host}", "--username=postgres", "--no-sync"]
        options = ["--checkpoint=fast", "--write-recovery-conf", f"--pgdata={copy.data}"]
        subprocess.run([*command, *options], check=True, capture_output=True)
        running = stack.enter_context(ExitStack())
        found = Pair(primary, running.enter_context(copy.running()), running)
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(both_configured(found, settings))
        yield found


@contextmanager
def both_configured(pair: Pair, settings: Settings) -> Iterator[None]:
    found = read(DATABASE_URL=pair.primary, DATABASE_REPLICA_URL=pair.replica, DATABASE_PROFILE="web")
    kept = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(found["DATABASES"]["default"])
    settings.DATABASES["replica"] = connections.databases["replica"] = {
        **kept,
        **found["DATABASES"]["replica"],
    }
    settings.DATABASE_ROUTERS = found["DATABASE_ROUTERS"]
    replica.rest.end()
    try:
        yield
    finally:
        connections["replica"].close()
        del connections["replica"], settings.DATABASES["replica"]
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(kept)
        replica.rest.end()


def figures(client: Client) -> tuple[int, float | None]:
    """How many assessments were started, and how old that is in seconds."""
    found = client.get("/admin/leads/lead/figures.json").json()
    return found["figures"]["started"], found["age_seconds"]


def test_figures_come_from_the_replica_and_say_how_old_they_are(pair: Pair, settings: Settings) -> None:
    """In one test, because a pair takes seconds to start."""
    client, operator = logged_in(member("Operator")), logged_in(User.objects.create_superuser("a@x.example"))
    settings.DATABASE_REPLICA_LAG_SECONDS = 3600  # the machine may be slow
    AssessmentFactory.create(answers="A")
    pair.await_replay()
    started, age = figures(client)
    assert started == 1
    assert age is not None
    for page in ("/admin/", "/admin/leads/lead/figures/", "/admin/audit/systemlog/"):
        assert "from the read replica" in operator.get(page).content.decode()

    pair.on_replica("SELECT pg_wal_replay_pause()")
    AssessmentFactory.create(email="grace@compilers.example")
    SystemLog.objects.record("note", "just written")
    member("Sales")
    assert figures(client)[0] == 1
    assert replica.may_lag(User.objects.count)() == 3  # rights of staff never lag
    assert "just written" not in operator.get("/admin/audit/systemlog/").content.decode()
    leads = operator.get("/admin/leads/lead/?tab=all").content.decode()
    assert "grace@compilers.example" in leads  # who works with leads sees what they did

    settings.DATABASE_REPLICA_LAG_SECONDS = 0
    assert figures(client) == (2, None)
    assert "from the read replica" not in operator.get("/admin/leads/lead/figures/").content.decode()
    settings.DATABASE_REPLICA_LAG_SECONDS = 3600
    assert [finding.value.endswith(" s old") for finding in read_replica()] == [True]
    assert "database_replica_age_seconds" in {
        family.name.removeprefix("assessment_") for family in state_metrics()
    }

    pair.running.close()
    assert figures(client) == (2, None)
    assert replica.rest.active
    assert [finding.level for finding in read_replica()] == [Level.AMBER]
