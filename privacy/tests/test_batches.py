"""Short transactions with limits, in the order of the clock, one run at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from privacy.clearing import batches, due
from privacy.clearing.batches import LEAST, ClearedBatch, Clearing, Place
from privacy.datamap.tables import TABLES
from queues.database_clock import database_now
from scorecard.models import QuestionnaireVersion
from tests.elsewhere import Elsewhere


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two."""
    monkeypatch.setattr(due, "BATCH", 2)
    monkeypatch.setattr(batches, "LEAST", 2)
    monkeypatch.setattr(batches, "MOST", 2)


def clearing() -> Clearing:
    table = TABLES["assessments"]
    assert table.retention
    return Clearing("assessments", table, table.retention, database_now())


def old_assessments(version: QuestionnaireVersion, count: int) -> None:
    AssessmentFactory.create_batch(count, version=version, ada=True)
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=31))


@contextmanager
def another_connection() -> Iterator[psycopg.Connection]:
    """A second client of the same database, in a transaction of its own."""
    parameters = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{name: parameters[name] for name in names if name in parameters}) as other:
        yield other


@pytest.mark.django_db
def test_rows_of_one_moment_are_all_found(version: QuestionnaireVersion, small: None) -> None:
    old_assessments(version, 5)
    found = clearing()
    assert (found.run(), found.done) == (5, True)


@pytest.mark.django_db
def test_each_batch_begins_where_the_last_one_ended(version: QuestionnaireVersion, small: None) -> None:
    old_assessments(version, 3)
    found = clearing()
    _, place, _ = found.clear(2, None)
    assert found.clear(2, place)[0]["rows"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_is_left_and_the_run_is_not_complete(
    version: QuestionnaireVersion, small: None
) -> None:
    old_assessments(version, 3)
    with another_connection() as other:
        other.execute("SELECT 1 FROM assessments LIMIT 1 FOR UPDATE")
        found = clearing()
        assert (found.run(), found.done) == (2, False)
    assert clearing().run() == 1


@pytest.mark.django_db(transaction=True)
def test_a_row_that_changes_just_before_it_is_locked_is_not_counted_and_stays_due(
    version: QuestionnaireVersion, elsewhere: Elsewhere
) -> None:
    old_assessments(version, 2)
    found = clearing()
    turn = RawSQL("(SELECT pg_advisory_xact_lock_shared(7)) IS NOT NULL", (), BooleanField())
    found.found = found.found.filter(turn)

    with another_connection() as other:
        other.execute("SELECT pg_advisory_xact_lock(7)")
        other.execute("UPDATE assessments SET company = 'Ada & Co'")
        rows = elsewhere.begin(found.run)
        while not waits_for(other):
            assert not rows.done()
        other.commit()
        assert rows.result(timeout=10) == 0
    assert not found.done
    assert clearing().run() == 2


def waits_for(other: psycopg.Connection) -> bool:
    with connection.cursor() as cursor:
        pid = other.info.backend_pid
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE %s = ANY(pg_blocking_pids(pid)))", [pid])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_who_finds_another_run_at_work_leaves_the_table_to_it(version: QuestionnaireVersion) -> None:
    old_assessments(version, 1)
    with another_connection() as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtext('scrub assessments'))")
        found = clearing()
        assert (found.run(), found.done) == (0, False)
    assert clearing().run() == 1


@pytest.mark.django_db(transaction=True)
def test_a_wait_for_a_lock_is_cut_off(version: QuestionnaireVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LOCK_LIMIT", "50ms")
    old_assessments(version, 1)
    with another_connection() as other:
        other.execute("LOCK TABLE assessments IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(OperationalError, match="lock timeout"):
            clearing().run()
    assert clearing().run() == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_takes_too_long_is_tried_with_fewer_rows(
    version: QuestionnaireVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "STATEMENT_LIMIT", "500ms")
    monkeypatch.setattr(due, "BATCH", LEAST + 10)
    empty, sizes = Clearing.empty, []

    def slow_for_many(self: Clearing, size: int, after: Place | None) -> ClearedBatch:
        sizes.append(size)
        if size > LEAST:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(30)")
        return empty(self, size, after)

    monkeypatch.setattr(Clearing, "empty", slow_for_many)
    old_assessments(version, LEAST + 10)
    found = clearing()
    assert (found.run(), found.done) == (LEAST + 10, True)
    assert sizes[:2] == [LEAST + 10, LEAST]


@pytest.mark.django_db(transaction=True)
def test_the_limits_end_with_the_transaction(version: QuestionnaireVersion) -> None:
    clearing().run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
        assert cursor.fetchone() == ("0", "5s")  # what a command asks for
