"""The data map as a flat list, one line for each column and key: the record of processing."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import Column, Kind, Retention, Rule, Table


@dataclass(frozen=True, slots=True)
class Entry:
    """One column, or one key of a JSON column, with all that a record of processing asks about it."""

    table: str
    column: str
    key: str  # of a JSON object; "" for the whole column, "*" for every other key
    kind: str
    purpose: str
    legal_basis: str
    recipients: str
    retention: str
    rule: str


def entries() -> list[Entry]:
    """The whole map, in its own order."""
    return [entry for name, table in TABLES.items() for entry in of_table(name, table)]


def of_table(name: str, table: Table) -> Iterator[Entry]:
    for column, found in table.columns.items():
        yield entry(name, table, column, found)
        for key, kind in found.keys.items():
            yield entry(name, table, column, found, key, kind)


def entry(
    name: str, table: Table, column: str, found: Column, key: str = "", kind: Kind | None = None
) -> Entry:
    return Entry(
        table=name,
        column=column,
        key=key,
        kind=(kind or found.kind).value,
        purpose=table.purpose,
        legal_basis=table.basis.value,
        recipients=", ".join(found.to),
        retention=term(table.retention),
        rule=rule(found.rule, table.retention),
    )


def term(retention: Retention | None) -> str:
    """How long, by the name of the setting: what the setting says today is no part of the map."""
    if retention is None:
        return "as long as the row"
    clock = retention.clock.replace("__", ".")
    if retention.setting is None:
        return f"until {clock}"
    return f"{retention.setting} days after {clock}"


def rule(found: Rule, retention: Retention | None) -> str:
    """What the scrub does to the value."""
    return "deleted with the row" if retention and retention.delete_row else found.value


def version() -> str:
    """The SHA-256 of the map: it changes with every line of it, and a certificate names it."""
    canonical = json.dumps([asdict(entry) for entry in entries()], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
