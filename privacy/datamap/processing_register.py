"""The record of processing (GDPR Art. 30): the data map as a flat list, one entry per column or key."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields

from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import ClearingRule, Column, DataClass, Retention, Table


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One column, or one key of a JSON column, with the facts that a record of processing must state."""

    table: str
    column: str
    key: str  # of a JSON object; "" for the whole column, "*" for all other keys
    kind: str
    purpose: str
    legal_basis: str
    recipients: str
    retention: str
    rule: str


def register_entries() -> list[RegisterEntry]:
    """Return the whole register, in the order of the data map."""
    return [entry for name, table in TABLES.items() for entry in entries_of_table(name, table)]


def entries_of_table(name: str, table: Table) -> Iterator[RegisterEntry]:
    for column, found in table.columns.items():
        yield register_entry(name, table, column, found)
        for key, kind in found.keys.items():
            yield register_entry(name, table, column, found, key, kind)


def register_entry(
    name: str, table: Table, column: str, found: Column, key: str = "", kind: DataClass | None = None
) -> RegisterEntry:
    return RegisterEntry(
        table=name,
        column=column,
        key=key,
        kind=(kind or found.kind).value,
        purpose=table.purpose,
        legal_basis=table.basis.value,
        recipients=", ".join(found.to),
        retention=retention_in_words(table.retention, table.retention.setting if table.retention else None),
        rule=rule_in_words(found.rule, table.retention),
    )


def retention_in_words(retention: Retention | None, days: str | None = None) -> str:
    """Describe when values go. `days`: a number, or a setting's name where current values do not belong."""
    if retention is None:
        return "until the row is deleted"
    clock = retention.clock.replace("__", ".")
    at_once = f"as soon as {clock} has passed"
    if days is None:
        return at_once
    later = f"{days} days after {clock}"
    return f"{later} with {retention.longer_with}, without it {at_once}" if retention.longer_with else later


def rule_in_words(found: ClearingRule, retention: Retention | None) -> str:
    """Describe what the scrub does to the value."""
    return "deleted with the row" if retention and retention.delete_row else found.value


def map_version() -> str:
    """Return the SHA-256 of the data map, which certificates record; any change to the map changes it."""
    names = [field.name for field in fields(RegisterEntry)]  # asdict makes a deep copy of each value
    entries = [{name: getattr(entry, name) for name in names} for entry in register_entries()]
    canonical = json.dumps(entries, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
