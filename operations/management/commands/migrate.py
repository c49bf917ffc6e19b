"""Django's `migrate`, serialised by a lock, for any schema, with a clear error for missing privileges."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.management import CommandError
from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.exceptions import MigrationSchemaMissing
from psycopg.errors import InsufficientPrivilege

LOCK = "migrate"
PAUSE_SECONDS = 0.5
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
            with self.one_at_a_time(connection), connection.execute_wrapper(in_current_schema):
                super().handle(*args, **options)
        except (DatabaseError, MigrationSchemaMissing) as error:
            if is_missing_right(error):
                settings = connection.settings_dict
                words = MISSING_RIGHT.format(database=settings["NAME"], user=settings["USER"])
                raise CommandError(words) from None
            raise

    @contextmanager
    def one_at_a_time(self, connection: BaseDatabaseWrapper) -> Iterator[None]:
        """Hold a lock in a transaction of a second connection, which also works through PgBouncer."""
        guard = connection.copy()
        try:
            guard.set_autocommit(False)
            with guard.cursor() as cursor:
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
