"""Foreign keys read from the database catalogue, so that no `related_name="+"` can hide one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.models import SET_NULL

SQL = Path(__file__).with_suffix(".sql").read_text()


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key: `table.column` refers to `parent.key`; `nullable` when the column accepts NULL."""

    table: str
    column: str
    nullable: bool
    parent: str
    key: str

    @property
    def sets_null(self) -> bool:
        """Whether the model says SET_NULL; without a model, whether the column is nullable."""
        for model in apps.get_models(include_auto_created=True):
            if model._meta.db_table == self.table and not model._meta.proxy:
                fields = {field.column: field for field in model._meta.local_concrete_fields}
                relation = fields[self.column].remote_field
                return relation is not None and relation.on_delete is SET_NULL
        return self.nullable


def foreign_keys() -> list[ForeignKey]:
    """Return all foreign keys of the schema. One query."""
    with connection.cursor() as cursor:
        cursor.execute(SQL)
        return [ForeignKey(*row) for row in cursor.fetchall()]


@cache
def references_to(table: str) -> tuple[ForeignKey, ...]:
    """Return the foreign keys to handle when rows of a table are deleted, at any depth.

    The key of a row that outlives its parent is set to NULL, and rows that refer to it are left alone.
    """
    return tuple(keys_below(table, foreign_keys(), {table}))


def parents_first(keys: Iterable[ForeignKey]) -> list[str]:
    """Return the tables of these keys in topological order: parents before children."""
    parents: dict[str, set[str]] = {}
    for key in keys:
        parents.setdefault(key.table, set()).add(key.parent)
    return [table for table in TopologicalSorter(parents).static_order() if table in parents]


def keys_below(table: str, keys: list[ForeignKey], seen: set[str]) -> Iterator[ForeignKey]:
    children = [key for key in keys if key.parent == table and key.table != table]
    yield from children
    for child in dict.fromkeys(key.table for key in children if not key.sets_null):
        if child not in seen:
            seen.add(child)
            yield from keys_below(child, keys, seen)
