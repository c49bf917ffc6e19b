"""`migrate`: two at once, a schema of one's own, and a role without rights."""

import threading
from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from psycopg.errors import InsufficientPrivilege

from config.tests.processes import await_that
from operations.management.commands import migrate

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_second_migration_waits_for_the_first() -> None:
    guard, said, ended = connection.copy(), StringIO(), threading.Event()
    guard.set_autocommit(False)
    with guard.cursor() as cursor:
        assert migrate.lock_is_free(cursor)

    def second() -> None:
        call_command("migrate", stdout=said, verbosity=0)
        connections.close_all()
        ended.set()

    thread = threading.Thread(target=second)
    with mock.patch.object(migrate, "PAUSE_SECONDS", 0.05):
        thread.start()
        await_that(lambda: "Another migration is running" in said.getvalue())
        assert not ended.is_set()
        guard.close()
        thread.join(30)
    assert ended.is_set()


def test_a_role_that_may_not_create_tables_is_told_what_to_grant() -> None:
    """As a role of its own: the superuser of the tests may do everything."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE nobody_much")
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        cursor.execute("ALTER TABLE django_migrations RENAME TO migrations_elsewhere")
        cursor.execute("SET ROLE nobody_much")
    try:
        with pytest.raises(CommandError, match=r'GRANT CREATE, USAGE ON SCHEMA public TO "'):
            call_command("migrate", verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("ALTER TABLE migrations_elsewhere RENAME TO django_migrations")
            cursor.execute("DROP ROLE nobody_much")


def test_a_trigger_goes_where_the_tables_are() -> None:
    executed: list[str] = []
    sql = 'CREATE OR REPLACE FUNCTION "public"._pgtrigger_should_ignore(trigger_name NAME)'
    migrate.in_current_schema(lambda sql, *_: executed.append(sql), sql, None, False, {})
    assert executed == ["CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME)"]


def test_another_fault_is_not_taken_for_a_missing_right() -> None:
    assert not migrate.is_missing_right(ValueError())
    assert migrate.is_missing_right(InsufficientPrivilege())


def test_a_lock_that_is_not_free_is_waited_for_and_told() -> None:
    """Somebody reads a table for long; the migration that changes it says so, and goes on afterwards."""
    reader, said = connection.copy(), StringIO()
    reader.set_autocommit(False)
    with reader.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM heartbeats")
    ended = threading.Event()

    def back_and_forward() -> None:
        call_command("migrate", "operations", "zero", stdout=said, verbosity=0)
        connections.close_all()
        ended.set()

    thread = threading.Thread(target=back_and_forward)
    with mock.patch.multiple(migrate, PAUSE_SECONDS=0.05, LOCK_TIMEOUT="100ms"):
        thread.start()
        try:
            await_that(lambda: "A lock is not free after 100ms; it waits for process" in said.getvalue())
            assert not ended.is_set()
        finally:
            reader.close()
            thread.join(30)
            call_command("migrate", verbosity=0)
    assert ended.is_set()
    assert "idle in transaction" in said.getvalue()
