"""Search pages under two connections: whoever comes second waits, and no page holds what is no longer so."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction

from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from leads.models import SearchPage
from leads.search_pages import build_page, hour_of
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[[Callable[[], object]], Future[object]]
CAME = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
HOUR = hour_of(CAME)
WAITING = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


@pytest.fixture
def petra(version: QuestionnaireVersion) -> Assessment:
    return AssessmentFactory.create(
        version=version, email="petra@example.com", company="Alster Bank", created_at=CAME
    )


@pytest.fixture
def start() -> Iterator[Start]:
    """Start work on another connection, and go on when it waits for us."""
    with ThreadPoolExecutor(1) as pool:

        def started(work: Callable[[], object]) -> Future[object]:
            future = pool.submit(on_a_connection_of_its_own, work)
            deadline = time.monotonic() + 4  # before the wait for a lock is given up
            with connection.cursor() as cursor:
                while not cursor.execute(WAITING).fetchone():
                    assert not future.done(), "it did not wait"
                    assert time.monotonic() < deadline, "nobody waits"
            return future

        yield started


def on_a_connection_of_its_own(work: Callable[[], object]) -> object:
    try:
        return work()
    finally:
        connections.close_all()


def change_company() -> None:
    Assessment.objects.filter(email="petra@example.com").update(company="Elbe Bank")


def test_of_two_who_build_the_same_page_the_second_waits_and_one_page_remains(
    petra: Assessment, start: Start
) -> None:
    with transaction.atomic():
        build_page(HOUR)
        second = start(lambda: build_page(HOUR))
    second.result(20)
    assert SearchPage.objects.get().content.count(b"petra") >= 1


def test_a_page_does_not_outlive_a_change_that_was_made_while_it_was_built(
    petra: Assessment, start: Start
) -> None:
    with transaction.atomic():
        build_page(HOUR)
        change = start(change_company)
    change.result(20)
    assert not SearchPage.objects.exists()


def test_who_builds_a_page_waits_for_a_change_that_is_being_made(petra: Assessment, start: Start) -> None:
    with transaction.atomic():
        change_company()
        second = start(lambda: build_page(HOUR))
    second.result(20)
    content = SearchPage.objects.get().content
    assert b"elbe" in content
    assert b"alster" not in content
