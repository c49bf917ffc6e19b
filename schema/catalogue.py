"""The live catalogue of PostgreSQL: tables, columns, indexes and constraints in a stable order."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

SQL = Path(__file__).with_name("sql")

COLUMNS = (SQL / "columns.sql").read_text()
INDEXES = (SQL / "indexes.sql").read_text()
CONSTRAINTS = (SQL / "constraints.sql").read_text()


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    not_null: bool
    default: str


@dataclass(frozen=True, slots=True)
class Index:
    name: str
    definition: str
    unique: bool
    primary: bool
    valid: bool
    columns: tuple[str, ...]
    condition: str
    classes: str


@dataclass(frozen=True, slots=True)
class Constraint:
    """`kind`: p(rimary key), f(oreign key), u(nique), c(heck), x (exclusion)."""

    name: str
    kind: str
    definition: str
    valid: bool
    target: str
    on_delete: str
    columns: tuple[str, ...]


@dataclass(slots=True)
class Table:
    name: str
    columns: list[Column] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)

    @property
    def foreign_keys(self) -> list[Constraint]:
        return [each for each in self.constraints if each.kind == "f"]

    def columns_of_key(self) -> set[str]:
        return {name for each in self.constraints if each.kind == "p" for name in each.columns}


def read_catalogue() -> dict[str, Table]:
    """{name: table} of the current schema, by name. Three queries."""
    found: dict[str, Table] = {}
    for name, *column in rows(COLUMNS):
        found.setdefault(name, Table(name)).columns.append(Column(*column))
    for name, *index in rows(INDEXES):
        index[5] = tuple(index[5])
        found[name].indexes.append(Index(*index))
    for name, *constraint in rows(CONSTRAINTS):
        constraint[6] = tuple(constraint[6])
        found[name].constraints.append(Constraint(*constraint))
    return found


def rows(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def children(tables: dict[str, Table]) -> dict[str, list[tuple[str, Constraint]]]:
    """{table: [(child table, its foreign key)]}"""
    found: dict[str, list[tuple[str, Constraint]]] = defaultdict(list)
    for table in tables.values():
        for key in table.foreign_keys:
            found[key.target].append((table.name, key))
    return found
