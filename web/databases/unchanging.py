"""A query whose text and values never change: the ORM writes it once a process."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet


class Unchanging:
    """The query that `build` makes; it asks the clock of the database, not that of Python.

    Its columns are of types that psycopg reads as Django does: text, counts, moments, durations.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._written: tuple[str, tuple[Any, ...]] | None = None

    def rows(self) -> list[tuple[Any, ...]]:
        """One query."""
        if self._written is None:
            self._written = self._build().query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(*self._written)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
