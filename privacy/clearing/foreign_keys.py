"""What refers to a table, asked of the database's catalogue: no `related_name` can hide a key there."""

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
    """`table.column` refers to `parent.key`; `nullable` when the column takes NULL."""

    table: str
    column: str
    nullable: bool
    parent: str
    key: str

    @property
    def sets_null(self) -> bool:
        """Whether a row outlives its parent, as its model says; without a model, whether it can."""
        for model in apps.get_models(include_auto_created=True):
            if model._meta.db_table == self.table and not model._meta.proxy:
                fields = {field.column: field for field in model._meta.local_concrete_fields}
                relation = fields[self.column].remote_field
                return relation is not None and relation.on_delete is SET_NULL
        return self.nullable


def foreign_keys() -> list[ForeignKey]:
    """All foreign keys of the schema. One query."""
    with connection.cursor() as cursor:
        cursor.execute(SQL)
        return [ForeignKey(*row) for row in cursor.fetchall()]


@cache
def references_to(table: str) -> tuple[ForeignKey, ...]:
    """The keys that must be seen to when rows of a table are deleted, at any depth.

    A row that outlives its parent has its key set to NULL, and what refers to it stays.
    """
    return tuple(below(table, foreign_keys(), {table}))


def parents_first(keys: Iterable[ForeignKey]) -> list[str]:
    """The tables that these keys are of, each after those that it refers to."""
    parents: dict[str, set[str]] = {}
    for key in keys:
        parents.setdefault(key.table, set()).add(key.parent)
    return [table for table in TopologicalSorter(parents).static_order() if table in parents]


def below(table: str, keys: list[ForeignKey], seen: set[str]) -> Iterator[ForeignKey]:
    children = [key for key in keys if key.parent == table and key.table != table]
    yield from children
    for child in dict.fromkeys(key.table for key in children if not key.sets_null):
        if child not in seen:
            seen.add(child)
            yield from below(child, keys, seen)
