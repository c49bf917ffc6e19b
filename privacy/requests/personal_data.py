"""What we hold of one person, read off the data map: every row that is about her, in every table.

For programs, under the names of the columns: privacy/requests/personal_data_in_words.py says it for people.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import DataClass, Table
from privacy.requests.person import Person, rows_about

OURS_ALONE = {
    "session_id",
    "token_hash",
    "lease_token",
    "sealed_address",
}  # hashes of keys: nobody's data, and of use to a thief


@dataclass(frozen=True, slots=True)
class Value:
    """One column of one row."""

    column: str
    kind: DataClass
    value: Any


@dataclass(frozen=True, slots=True)
class HeldTable:
    """What one table says of the person: a row is a tuple of values."""

    name: str
    purpose: str
    rows: tuple[tuple[Value, ...], ...]


def personal_data_of(person: Person) -> list[HeldTable]:
    """Every table with a row about this person, in the order of the map."""
    found = (rows_in_table(name, table, person) for name, table in TABLES.items())
    return [table for table in found if table.rows]


def rows_in_table(name: str, table: Table, person: Person) -> HeldTable:
    rows = rows_about(name, person).order_by("pk")
    fields = {field.column: field.attname for field in rows.model._meta.concrete_fields}
    shown = {column: fields[column] for column in table.columns if column not in OURS_ALONE}
    return HeldTable(
        name,
        table.purpose,
        tuple(
            tuple(Value(column, table.columns[column].kind, row[field]) for column, field in shown.items())
            for row in rows.values(*shown.values())
        ),
    )


def export_document(person: Person) -> dict[str, Any]:
    """One document: {made_at, address, agreed, tables: {table: {purpose, rows: [{column: value}]}}}."""
    return {
        "made_at": timezone.now(),
        "address": person.address,
        "agreed": person.choices,
        "tables": {
            table.name: {
                "purpose": table.purpose,
                "rows": [{value.column: value.value for value in row} for row in table.rows],
            }
            for table in personal_data_of(person)
        },
    }
