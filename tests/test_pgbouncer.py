"""The product behind a real PgBouncer in transaction mode, which gives each transaction another session."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from assessments.models import Assessment
from assessments.tests.browsing import finish
from assessments.tests.test_api import Caller
from config.embedded.valkey import free_port
from config.postgresql.pooler import refuse_unfit_pooler
from config.tests.processes import PROJECT
from config.tests.test_settings import read
from hubspot_sync.tests.conftest import Account
from leads.search import search_leads
from leads.tasks import build_search_pages
from privacy.clearing.purge import purge
from scorecard.definition import Definition
from tests.database import own_url
from tests.pgbouncer import open_all_sessions, pooled
from web.databases.pooler import session

pytestmark = [
    pytest.mark.processes,
    pytest.mark.xdist_group("pgbouncer"),
    pytest.mark.django_db(transaction=True),
]

PROCFILE = dict(line.split(": ", 1) for line in (PROJECT / "Procfile").read_text().splitlines())


@pytest.fixture(scope="module")
def pooler(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    with pooled(own_url(), tmp_path_factory.mktemp("pooler")) as url:
        open_all_sessions(url)
        yield url


@pytest.fixture
def behind(pooler: str, settings: Settings, transactional_db: None) -> Iterator[str]:
    """This process with the settings of production behind the pooler; the URL of its database there."""
    found = read(DATABASE_URL=pooler, DATABASE_SEND_TIMEOUTS="false", DATABASE_PROFILE="web")
    kept = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({"OPTIONS": {}} | found["DATABASES"]["default"])
    settings.PREPARE_STATEMENTS = found["PREPARE_STATEMENTS"]
    yield pooler
    connection.close()
    connection.settings_dict.clear()
    connection.settings_dict.update(kept)


@pytest.mark.usefixtures("behind")
def test_a_whole_assessment_over_json(version: Any, definition: Definition) -> None:
    caller = Caller()
    assert caller.post("start").status_code == 201
    for step, section in enumerate(definition.sections, start=1):
        answers = {question.key: "D" for question in section.questions}
        assert caller.post("save-progress", {"step": step, "responses": answers}).status_code == 200
    result = caller.post("submit", {"contact": {"email": "ada@engines.example"}}).json()
    assert caller.get(f"results/{result['assessmentId']}").json() == result


@pytest.mark.usefixtures("behind")
def test_pages_claims_search_pages_and_a_purge(
    client: Client, definition: Definition, account: Account, settings: Settings
) -> None:
    lead = finish(client, definition, "D", "ada@engines.example")
    assert client.get(f"/results/{lead.pk}/").status_code == 200
    assert account.deliver() == 1
    assert account.addresses == {"ada@engines.example"}
    build_search_pages()
    assert search_leads("ada@engines.example").keys == [lead.pk]
    Assessment.objects.update(created_at="2020-01-01T00:00Z")
    purge(365)
    assert not Assessment.objects.exists()


def test_each_transaction_gets_another_session(pooler: str) -> None:
    """So whatever the others do without an error needs none of its own."""
    with psycopg.connect(pooler, autocommit=True) as connected:
        assert len({session(connected) for _ in range(3)}) == 3


def test_a_migration_through_it_is_refused(behind: str) -> None:
    with pytest.raises(CommandError, match=r"^DATABASE_URL leads through a pooler"):
        call_command("migrate", verbosity=0)


@pytest.mark.usefixtures("behind")
def test_it_fits_settings_without_timeouts() -> None:
    refuse_unfit_pooler()


def test_it_does_not_fit_others(behind: str, settings: Settings) -> None:
    settings.PREPARE_STATEMENTS = True
    with pytest.raises(SystemExit, match=r"^DATABASE_SEND_TIMEOUTS is on, and the pooler .* gives each"):
        refuse_unfit_pooler()


@pytest.mark.usefixtures("behind")
def test_options_in_the_address_are_refused_with_their_own_words() -> None:
    connection.settings_dict["OPTIONS"] = {"options": "-c search_path=assessment"}
    with pytest.raises(SystemExit, match=r"^DATABASE_URL has options that a pooler refuses"):
        refuse_unfit_pooler()


def test_a_pooler_of_single_statements_is_refused(behind: str, tmp_path: Path) -> None:
    with pooled(own_url(), tmp_path, pool_mode="statement") as url:
        connection.settings_dict["PORT"] = urlsplit(url).port
        with pytest.raises(SystemExit, match=r"^DATABASE_URL names a pooler that takes no transactions"):
            refuse_unfit_pooler()


@pytest.mark.parametrize("command", [*PROCFILE.values(), f"{sys.executable} manage.py showmigrations"])
def test_no_process_starts_with_timeouts_that_it_refuses(pooler: str, command: str) -> None:
    environment = {**os.environ, "DATABASE_URL": pooler, "PORT": str(free_port())}
    begun = subprocess.run(
        ["sh", "-c", f"exec env {command}"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert begun.returncode
    assert "DATABASE_SEND_TIMEOUTS is on, and the pooler at DATABASE_URL refuses" in begun.stderr
    assert "Traceback" not in begun.stderr
