"""What we hold of one person, read off the data map: every row that is about her, in every table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from assessments import consents
from privacy.datamap import TABLES, Kind, Table
from privacy.persons import Person, rows_of

OURS_ALONE = {
    "session_id",
    "token_hash",
    "lease_token",
}  # hashes of keys: nobody's data, and of use to a thief


@dataclass(frozen=True, slots=True)
class Value:
    """One column of one row."""

    column: str
    kind: Kind
    value: Any

    @property
    def label(self) -> str:
        return self.column.removesuffix("_id").replace("_", " ").capitalize()

    @property
    def tells(self) -> bool:
        """Whether there is anything, and more than a number of ours."""
        number = self.kind == Kind.PLAIN and (self.column == "id" or self.column.endswith("_id"))
        return not number and self.value not in (None, "", {}, [])

    @property
    def shown(self) -> Any:
        """For people to read: `key: value` for the keys of an object."""
        if isinstance(self.value, dict):
            return ", ".join(f"{key}: {value}" for key, value in self.value.items())
        return self.value


@dataclass(frozen=True, slots=True)
class HeldTable:
    """What one table says of the person: a row is a tuple of values."""

    name: str
    purpose: str
    rows: tuple[tuple[Value, ...], ...]

    @property
    def telling(self) -> Iterator[list[tuple[str, Any]]]:
        """For people to read: what each row says, by label; answers together, by the question."""
        rows = [{value.column: value for value in row} for row in self.rows]
        if self.name == "responses":
            yield [(row["question_key"].value, row["value"].shown) for row in rows]
            return
        for row in rows:
            yield [(value.label, value.shown) for value in row.values() if value.tells]


def held(person: Person) -> list[HeldTable]:
    """Every table with a row about this person, in the order of the map."""
    found = (read(name, table, person) for name, table in TABLES.items())
    return [table for table in found if table.rows]


def read(name: str, table: Table, person: Person) -> HeldTable:
    columns = [column for column in table.columns if column not in OURS_ALONE]
    rows = rows_of(name, person).order_by("pk").values(*columns)
    return HeldTable(
        name,
        table.purpose,
        tuple(tuple(Value(name, table.columns[name].kind, row[name]) for name in columns) for row in rows),
    )


def export(person: Person) -> dict[str, Any]:
    """One document: {made_at, address, agreed, tables: {table: {purpose, rows: [{column: value}]}}}."""
    return {
        "made_at": timezone.now(),
        "address": person.address,
        "agreed": consents.standing(person.address) if person.proven else {},
        "tables": {
            table.name: {
                "purpose": table.purpose,
                "rows": [{value.column: value.value for value in row} for row in table.rows],
            }
            for table in held(person)
        },
    }
