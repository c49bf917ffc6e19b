"""Queries whose text never changes: the ORM writes each once a process.

To write one often takes longer than it takes PostgreSQL to answer it.
"""

from collections.abc import Callable
from typing import Any

from django.db import connections, router
from django.db.models import BooleanField, Expression, Func, QuerySet


class Given(Expression):
    """A value of a query that is given each time it is asked, by its name."""

    def __init__(self, name: str, output_field: Any) -> None:
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", (self,)


class AnyOf(Func):
    """Whether the first expression is an element of the second, an array: one parameter, however many."""

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = BooleanField()


class Unchanging:
    """The query that `build` makes, with a `Given` in the place of each value that changes.

    Its columns are of types that psycopg reads as Django does: text, whole numbers, days, moments, durations;
    a sum of large numbers is cast to one.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._written: tuple[type[Any], str, tuple[Any, ...]] | None = None

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:
        """One query, of the replica where the model may be read there."""
        return self._answer("{}", given)

    def count(self, **given: Any) -> int:
        """How many rows there are. One query."""
        ((counted,),) = self._answer("SELECT count(*) FROM ({}) AS counted", given)
        return int(counted)

    def _answer(self, around: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
        if self._written is None:
            query = self._build()
            self._written = (query.model, *query.query.sql_with_params())
        model, sql, parameters = self._written
        values = [given[each.name] if isinstance(each, Given) else each for each in parameters]
        with connections[router.db_for_read(model)].cursor() as cursor:
            cursor.execute(around.format(sql), values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
