"""Django's `migrate`: one at a time, in a schema of one's own too, and in words when a right is missing."""

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
HELPER = "_pgtrigger_should_ignore"  # django-pgtrigger names the schema of this function of its own: public
MISSING_RIGHT = """\
The database role may not create tables. Let the owner of the database run one of these, then migrate again:
  ALTER DATABASE "{database}" OWNER TO "{user}";
  GRANT CREATE, USAGE ON SCHEMA public TO "{user}";"""


class Command(DjangoCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        """Wait for another migration of this database, then migrate. Only asking needs no lock."""
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
        """Hold a lock in a transaction of a second connection, so that it works through PgBouncer too."""
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
    """Create the helper where the tables are created, and find it there."""
    if isinstance(sql, str):
        sql = sql.replace(f'"public".{HELPER}', HELPER)
    return execute(sql, params, many, context)


def is_missing_right(error: BaseException | None) -> bool:
    """Whether PostgreSQL refused it for want of a right, however deep the exceptions are wrapped."""
    while error:
        if isinstance(error, InsufficientPrivilege):
            return True
        error = error.__cause__ or error.__context__
    return False
