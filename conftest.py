"""What every test may rely on: a published questionnaire, clean counters, fresh snapshots, a small cast."""

import gc
import hashlib
import json
import socket
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from constance import config
from constance import forms as constance_forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.test import Client
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker
from redis import Redis

from accounts.models import User
from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from assessments.statistics.view_counting import tally
from assessments.tests.factories import AssessmentFactory, VersionFactory
from config.connections import redis_database
from experiments.running import running_experiments
from queues import wakeup
from scorecard import versions
from scorecard.content.files import read_questionnaire
from scorecard.definition import Definition, freeze, parse
from scorecard.models import QuestionnaireVersion
from tests import database
from tests.elsewhere import Elsewhere
from web import snapshot
from web.shared_counters import counters

# A busy machine is slow, not wrong.
hypothesis_settings.register_profile("no deadline", deadline=None)
hypothesis_settings.load_profile("no deadline")

CONTENT = Path(settings.BASE_DIR) / "scorecard/content/ai_reality_check.yaml"


SLOW = Path(settings.BASE_DIR) / "tests/slow.txt"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="leave out processes, browsers and tests/slow.txt")


@cache
def slow() -> frozenset[str]:
    """The modules and single tests that --quick leaves out."""
    return frozenset(SLOW.read_text().splitlines())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A module that --quick leaves out is not even read."""
    left_out = config.getoption("quick") and str(collection_path.relative_to(settings.BASE_DIR)) in slow()
    return left_out or None  # False would take in what others leave out


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that in the end no test process waits for another."""
    items.sort(key=lambda item: item.get_closest_marker("processes") is None)
    if config.getoption("quick"):
        config.hook.pytest_deselected(items=[item for item in items if not is_quick(item)])
        items[:] = filter(is_quick, items)


def pytest_collection_finish() -> None:
    """What was imported stays until the end: looking for garbage in it took a seventh of the suite."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def is_quick(item: pytest.Item) -> bool:
    marked = any(item.get_closest_marker(mark) for mark in ("processes", "browser"))
    return not marked and item.nodeid.partition("[")[0] not in slow()


@pytest.fixture(scope="session", autouse=True)
def own_counters(worker_id: str) -> Iterator[Redis]:
    """A Redis database for each test process: nobody counts the hits or finds the cache of another."""
    number = 2 if worker_id == "master" else 3 + int(worker_id.removeprefix("gw"))
    settings.RATE_LIMIT_REDIS_URL = redis_database(settings.REDIS_URL, number)
    settings.CACHES["default"]["LOCATION"] = settings.RATE_LIMIT_REDIS_URL
    with suppress(AttributeError):  # nobody asked for it yet
        del caches["default"]
    with Redis.from_url(settings.RATE_LIMIT_REDIS_URL) as redis:
        yield redis


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    database.copy_when_migrated()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        database.empty_where_written()


@pytest.fixture(scope="session", autouse=True)
def files_where_they_lie() -> None:
    """A static file is looked for when it is asked for, not all of them for each new client."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """A password that takes long to guess takes long to set, and nobody guesses here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def second_factor_is_required() -> None:
    """As in production: a test that wants a laptop says so."""
    settings.STAFF_SECOND_FACTOR = "required"


@pytest.fixture(autouse=True)
def fresh_snapshots(own_counters: Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test sees what another left in the memory of the process or in its counters.

    Nor does a slow one count the statement of a second look at the settings.
    """
    monkeypatch.setattr(snapshot, "SECONDS", 3600.0)
    versions.clear_caches()
    running_experiments.forget()
    for settings_read in (config, constance_forms.config):  # constance's own form has a snapshot of its own
        settings_read._backend.forget()
    ContentType.objects.clear_cache()  # a flushed database numbers them anew
    counters.cache_clear()
    tally.cache_clear()
    own_counters.flushdb()
    yield
    running_experiments.forget()
    versions.clear_caches()


@cache
def reality_check() -> Definition:
    """The sixteen scored questions of the AI Reality Check, in all languages, with their options in order."""
    whole = read_questionnaire(CONTENT).definition()
    sections = tuple(
        replace(section, questions=tuple(replace(each, shuffle=False) for each in section.questions))
        for section in whole.sections
        if section.weight
    )
    scored = {section.key for section in sections}
    return replace(
        whole,
        sections=sections,
        translations=tuple(
            replace(
                each, texts={**each.texts, "sections": {key: each.texts["sections"][key] for key in scored}}
            )
            for each in whole.translations
        ),
    )


def without_other_sections(texts: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """A translation with the texts of these sections only."""
    return {**texts, "sections": {key: texts["sections"][key] for key in keys}}


@cache
def reality_check_as_json() -> str:
    return json.dumps(freeze(reality_check()), sort_keys=True)


@pytest.fixture
def version(db: None) -> QuestionnaireVersion:
    """The AI Reality Check, published."""
    stored = reality_check_as_json()
    checksum = hashlib.sha256(stored.encode()).hexdigest()
    return VersionFactory.create(content=reality_check(), definition=json.loads(stored), checksum=checksum)


@pytest.fixture
def definition(version: QuestionnaireVersion) -> Definition:
    """What the published AI Reality Check asks."""
    return parse(version.definition)


@pytest.fixture
def hot_lead(version: QuestionnaireVersion) -> Assessment:
    """Ada left every detail and scored under 60: the first to call."""
    return AssessmentFactory.create(version=version, ada=True, answers="D")


@pytest.fixture
def cold_lead(version: QuestionnaireVersion) -> Assessment:
    """Grace left an address and needs nothing."""
    return AssessmentFactory.create(version=version, email="grace@compilers.example", answers="A")


@pytest.fixture
def erased_lead(version: QuestionnaireVersion) -> Assessment:
    """Somebody was scrubbed; the score stays."""
    return AssessmentFactory.create(version=version, answers="C", scrubbed=True)


@pytest.fixture
def strict_client() -> Client:
    """A browser that is held to CSRF like any other."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def admin_client(admin_user: User) -> Client:
    """A superuser with a second factor, in the place of pytest-django's without one."""
    return logged_in(admin_user)


@pytest.fixture
def sales(db: None) -> Client:
    """Sam sells: leads and the queue, to read."""
    return logged_in(member("Sales"))


@pytest.fixture
def operator(db: None) -> Client:
    """Olga operates: everything Sam sees, and what keeps it going."""
    return logged_in(member("Operator"))


@pytest.fixture
def elsewhere(transactional_db: None) -> Iterator[Elsewhere]:
    """Work on other connections, all of it done before the tables are emptied."""
    with ThreadPoolExecutor(8) as threads:
        yield Elsewhere(threads)


@pytest.fixture
def frozen_url() -> Iterator[str]:
    """A Redis that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture
def refused_url() -> str:
    """A Redis that is gone."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture
def fresh_wakeup() -> Iterator[None]:
    """Waking workers as a new process does: no rest, no open connection, and none left behind."""
    wakeup.pending.send_due()
    wakeup.rest.end()
    wakeup.pending.close()
    yield
    wakeup.pending.send_due()
    wakeup.rest.end()
    wakeup.pending.close()
