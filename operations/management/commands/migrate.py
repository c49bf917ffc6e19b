"""Django's `migrate`: one at a time, patient with locks, for any schema, clear about missing privileges."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.management import CommandError
from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import DatabaseError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.exceptions import MigrationSchemaMissing
from psycopg.errors import InsufficientPrivilege, LockNotAvailable

from web.databases.pooler import is_pooled_by_transaction

LOCK = "migrate"
PAUSE_SECONDS = 0.5
LOCK_TIMEOUT = "2s"  # everybody who wants the table queues up behind us while we wait
ATTEMPTS = 10
LONGEST_PAUSE = 15.0  # seconds; 1, 2, 4, 8, 15, …: together about two minutes

# Who is in our way: never what they ask, which may hold values.
HOLDERS = """
SELECT pid, usename, state, extract(epoch FROM clock_timestamp() - xact_start)::int
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
    AND application_name <> 'migrate guard'
ORDER BY xact_start LIMIT 3
"""
# What CREATE INDEX CONCURRENTLY leaves when it gives up; nothing uses it, and it is in our way.
INVALID = """
SELECT quote_ident(relname) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace
"""
POOLED = (
    "DATABASE_URL leads through a pooler, and a migration sets timeouts for its whole session. "
    "Set DATABASE_URL to PostgreSQL itself for this command."
)
TRY_AGAIN = "This migration changed nothing: end these transactions, then migrate again."
HELPER = "_pgtrigger_should_ignore"  # django-pgtrigger creates this function in `public`
MISSING_RIGHT = """\
The database role may not create tables. Let the owner of the database run one of these, then migrate again:
  ALTER DATABASE "{database}" OWNER TO "{user}";
  GRANT CREATE, USAGE ON SCHEMA public TO "{user}";"""


class Command(DjangoCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        """Wait for a concurrent migration of this database, then migrate. Read-only options take no lock."""
        connection = connections[options["database"]]
        if options["check_unapplied"] or options["plan"]:
            super().handle(*args, **options)
            return
        try:
            with connection.wrap_database_errors:
                pooled = is_pooled_by_transaction(connection.get_connection_params())
            if pooled:
                raise CommandError(POOLED)
            with self.one_at_a_time(connection), connection.execute_wrapper(in_current_schema):
                self.migrate_patiently(connection, *args, **options)
        except (DatabaseError, MigrationSchemaMissing) as error:
            if is_missing_right(error):
                settings = connection.settings_dict
                words = MISSING_RIGHT.format(database=settings["NAME"], user=settings["USER"])
                raise CommandError(words) from None
            raise

    def migrate_patiently(self, connection: BaseDatabaseWrapper, *args: Any, **options: Any) -> None:
        """Migrate; when a lock is not free, say who holds one, and go on after a pause."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        for attempt in range(ATTEMPTS):
            try:
                super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                if attempt == ATTEMPTS - 1:
                    raise CommandError(
                        f"{waiting_for(connection)} Nothing of it was changed: {TRY_AGAIN}"
                    ) from None
                self.stdout.write(f"{waiting_for(connection)} Trying again ({attempt + 1} of {ATTEMPTS}).")
                drop_invalid_indexes(connection)
                time.sleep(min(LONGEST_PAUSE, 2 * PAUSE_SECONDS * 2**attempt))
            else:
                return

    @contextmanager
    def one_at_a_time(self, connection: BaseDatabaseWrapper) -> Iterator[None]:
        """Hold a lock in a transaction of a second connection, which also works through PgBouncer."""
        guard = connection.copy()
        try:
            guard.set_autocommit(False)
            with guard.cursor() as cursor:
                cursor.execute("SET LOCAL application_name = 'migrate guard'")
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                waits = False
                while not lock_is_free(cursor):
                    if not waits:
                        self.stdout.write("Another migration is running: waiting for it.")
                    waits = True
                    time.sleep(PAUSE_SECONDS)
            yield
        finally:
            with suppress(DatabaseError):
                guard.rollback()
            guard.close()


def waiting_for(connection: BaseDatabaseWrapper) -> str:
    """Who holds transactions that a migration waits for, in a sentence."""
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS)
        holders = [
            f"process {pid} of {user} ({state}, open for {seconds} s)"
            for pid, user, state, seconds in cursor.fetchall()
        ]
    words = ", ".join(holders) or "a process that is done now"
    return f"A lock is not free after {LOCK_TIMEOUT}; it waits for {words}."


def drop_invalid_indexes(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute(INVALID)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX IF EXISTS {name}")


def lock_is_free(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [LOCK])
    return bool(cursor.fetchone()[0])


def in_current_schema(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Create and reference pgtrigger's helper function in the schema of the tables."""
    if isinstance(sql, str):
        sql = sql.replace(f'"public".{HELPER}', HELPER)
    return execute(sql, params, many, context)


def is_missing_right(error: BaseException | None) -> bool:
    """Whether the error, or one in its chain of causes, is PostgreSQL's `insufficient_privilege`."""
    while error:
        if isinstance(error, InsufficientPrivilege):
            return True
        error = error.__cause__ or error.__context__
    return False
