"""The validation list of the schema (seed 003), as code: each rule yields sentences about what breaks it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypedDict

import yaml
from django.db import connection, models

from privacy.datamap.tables import TABLES, WITHOUT_PEOPLE
from schema.catalogue import Index, Table
from schema.notes import is_ours, models_by_table

Catalogue = dict[str, Table]
EXCEPTIONS = Path(__file__).with_name("schema_exceptions.yaml")
JOURNEY = Path(__file__).with_name("texts") / "journey.yaml"

UNUSED = """
SELECT relname, indexrelname FROM pg_stat_user_indexes JOIN pg_index USING (indexrelid)
WHERE idx_scan = 0 AND NOT indisunique AND schemaname = current_schema() ORDER BY 1, 2
"""


class JourneyStep(TypedDict):
    step: str
    does: str
    tables: list[str]


def journey() -> list[JourneyStep]:
    """The steps, in their order."""
    found: list[JourneyStep] = yaml.safe_load(JOURNEY.read_text())
    return found


def exceptions() -> dict[str, dict[str, str]]:
    """{rule: {what: reason}}"""
    return yaml.safe_load(EXCEPTIONS.read_text()) or {}


def foreign_keys_are_valid(tables: Catalogue) -> Iterator[tuple[str, str]]:
    for table in tables.values():
        for key in table.foreign_keys:
            if not key.valid or key.target not in tables:
                yield (
                    f"{table.name}.{key.columns[0]}",
                    "the foreign key is not validated, or its table is gone",
                )


def foreign_keys_are_indexed(tables: Catalogue) -> Iterator[tuple[str, str]]:
    """Deleting or joining from the other side reads by this column."""
    for table in tables.values():
        for key in table.foreign_keys:
            if not any(leads(index, key.columns) for index in table.indexes):
                yield f"{table.name}.{key.columns[0]}", "no index begins with this foreign key"


def leads(index: Index, columns: tuple[str, ...]) -> bool:
    """A partial index serves when it only leaves out rows without a value."""
    whole = not index.condition or index.condition == f"({columns[0]} IS NOT NULL)"
    return whole and index.columns[: len(columns)] == columns


def no_index_is_doubled(tables: Catalogue) -> Iterator[tuple[str, str]]:
    for table in tables.values():
        for index in table.indexes:
            for other in table.indexes:
                if index is not other and is_covered(index, other):
                    yield f"{table.name}.{index.name}", f"{other.name} serves the same queries"


def is_covered(index: Index, by: Index) -> bool:
    if index.unique or index.condition != by.condition or "(expression)" in index.columns:
        return False
    same_order = plain(by.definition).startswith(plain(index.definition).removesuffix(")"))
    classes = by.classes.split()[: len(index.columns)] == index.classes.split()[: len(index.columns)]
    first = index.name < by.name or len(index.columns) < len(by.columns) or by.unique
    return by.columns[: len(index.columns)] == index.columns and classes and same_order and first


def plain(definition: str) -> str:
    """From `USING` on, without the condition."""
    return definition.partition(" USING ")[2].partition(" WHERE ")[0]


def indexes_are_valid(tables: Catalogue) -> Iterator[tuple[str, str]]:
    for table in tables.values():
        for index in table.indexes:
            if not index.valid:
                yield f"{table.name}.{index.name}", "it was not built to its end: drop it and build it again"


def not_null_is_given(tables: Catalogue) -> Iterator[tuple[str, str]]:
    """A required column has a default in the database, or a field of a model that gives a value."""
    by_table = models_by_table()
    for table in tables.values():
        model = by_table.get(table.name)
        given = {each.column for each in model._meta.concrete_fields} if model else set()
        for column in table.columns:
            if column.not_null and not column.default and column.name not in given and model:
                yield (
                    f"{table.name}.{column.name}",
                    "it is required, has no default, and no model gives a value",
                )


def checks_allow_every_state(tables: Catalogue) -> Iterator[tuple[str, str]]:
    """Every choice of a field is among the values that its CHECK names."""
    for name, model in models_by_table().items():
        if name in tables and is_ours(model):
            for field in model._meta.concrete_fields:
                yield from (
                    (f"{name}.{field.column}", f"its CHECK refuses {value!r}, which is a choice")
                    for value in refused_choices(tables[name], field)
                )


def refused_choices(table: Table, field: "models.Field[object, object]") -> list[str]:
    listed = re.compile(rf"^CHECK \(+\(?{field.column}\)?(::text)? = ANY")
    lists = [
        check.definition
        for check in table.constraints
        if check.kind == "c" and listed.match(check.definition)
    ]
    choices = [str(value) for value, _ in field.flatchoices]
    return [value for value in choices if any(f"'{value}'" not in each for each in lists)]


def times_have_a_zone(tables: Catalogue) -> Iterator[tuple[str, str]]:
    for table in tables.values():
        for column in table.columns:
            if column.type.startswith("time") and "with time zone" not in column.type:
                yield f"{table.name}.{column.name}", f"its type is {column.type}"


def tables_are_classified(tables: Catalogue) -> Iterator[tuple[str, str]]:
    for name in tables.keys() - TABLES.keys() - WITHOUT_PEOPLE:
        yield name, "the data map does not list it"


def tables_have_a_place_in_the_journey(tables: Catalogue) -> Iterator[tuple[str, str]]:
    placed = {table for step in journey() for table in step["tables"]}
    for name, model in sorted(models_by_table().items()):
        if name in tables and is_ours(model) and name not in placed:
            yield name, "schema/texts/journey.yaml does not say what it is for"
    for name in sorted(placed - tables.keys()):
        yield str(name), "schema/texts/journey.yaml names it, and there is no such table"


RULES: dict[str, Callable[[Catalogue], Iterator[tuple[str, str]]]] = {
    "Every foreign key is valid": foreign_keys_are_valid,
    "Every foreign key is indexed where it is queried": foreign_keys_are_indexed,
    "No index is doubled": no_index_is_doubled,
    "Every index is valid": indexes_are_valid,
    "Every NOT NULL column has a default or is given": not_null_is_given,
    "Every CHECK allows every state": checks_allow_every_state,
    "Every time has a zone": times_have_a_zone,
    "Every table is classified": tables_are_classified,
    "Every table has a place in the journey": tables_have_a_place_in_the_journey,
}


def validate(tables: Catalogue) -> dict[str, list[str]]:
    """{rule: sentences}, without what schema/schema_exceptions.yaml excuses with a reason."""
    excused = exceptions()
    return {
        rule: [f"{what}: {problem}" for what, problem in judge(tables) if what not in excused.get(rule, {})]
        for rule, judge in RULES.items()
    }


def unused_indexes() -> list[str]:
    """Indexes that no statement has read since statistics began: meaningful after a whole workload only."""
    with connection.cursor() as cursor:
        cursor.execute(UNUSED)
        return [f"{table}.{index}" for table, index in cursor.fetchall()]
