"""Statements of the hot path: each an `.sql` file, prepared once per connection and bound by the server.

Everything else is ORM. A statement is text that never changes and holds no value.
"""

import re
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.datetime import TimestamptzLoader

COMMENT = re.compile(r"^--.*\n", re.MULTILINE)


class PreparedCursor(psycopg.Cursor[Any]):
    """Prepares every statement, unless a pooler stands between us and PostgreSQL.

    Nor while Django logs statements, because psycopg forgets the text of a prepared one.
    """

    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> "PreparedCursor":
        prepare = settings.PREPARE_STATEMENTS and not connections[DEFAULT_DB_ALIAS].queries_logged
        return super().execute(query, params, prepare=prepare, **kwargs)


class Statement:
    """One statement, read from a file; `names` fills its {braces} once."""

    def __init__(self, path: Path, **names: str) -> None:
        text = COMMENT.sub("", path.read_text()).strip()
        self.sql = text.format(**names) if names else text

    def first(self, **parameters: Any) -> tuple[Any, ...] | None:
        """Execute it; its first row, or None. As with the ORM, wrapped and in the current transaction."""
        rows = self.all(**parameters)
        return rows[0] if rows else None

    def all(self, **parameters: Any) -> list[tuple[Any, ...]]:
        """Execute it; its rows."""
        connection = connections[DEFAULT_DB_ALIAS]  # `django.db.connection` looks it up for each attribute
        try:
            return self._execute(connection, parameters)
        except NotSupportedError:  # a migration changed the type of a column after it was prepared
            if connection.in_atomic_block:
                raise
            connection.close()
            return self._execute(connection, parameters)

    def _execute(self, connection: BaseDatabaseWrapper, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        connection.ensure_connection()
        prepared = cursor_of(connection)
        make = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
        make(prepared).execute(self.sql, parameters)  # type: ignore[arg-type]  # the stubs know wrapped ones
        found = prepared.pgresult  # `description` makes an object for each column
        return prepared.fetchall() if found and found.nfields else []


def cursor_of(connection: BaseDatabaseWrapper) -> PreparedCursor:
    """The cursor of this connection, which is open: a new one learns anew how to send and read each type."""
    kept: PreparedCursor | None = getattr(connection, "prepared_cursor", None)
    if kept is None or kept.connection is not connection.connection:
        kept = PreparedCursor(connection.connection)
        kept.adapters.register_loader("timestamptz", TimestamptzLoader)  # Django's moves what is UTC to UTC
        connection.prepared_cursor = kept  # type: ignore[attr-defined]  # ours
    return kept
