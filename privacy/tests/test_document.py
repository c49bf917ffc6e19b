"""docs/privacy.md says what the data map says. When a line is missing, put the expected one in."""

from pathlib import Path

import pytest
from django.conf import settings

from privacy.datamap import TABLES, Kind, Retention, Table


def columns(table: Table) -> str:
    """The columns that can tell something about a person, by kind."""
    told = []
    for kind in Kind:
        names = [f"`{name}`" for name, column in table.columns.items() if column.kind == kind]
        if names and kind != Kind.PLAIN:
            told.append(f"{kind}: {', '.join(names)}")
    return "; ".join(told) or "nothing"


def end(table: Table, retention: Retention | None) -> str:
    if retention is None:
        return "the rows stay"
    names = ", ".join(f"`{name}`" for name in table.scrubbed)
    what = "the row is deleted" if retention.delete_row else f"{names} are emptied"
    if retention.setting is None:
        return f"{what} once `{retention.clock}` has passed"
    return f"{what} `{retention.setting}` days after `{retention.clock}`"


def line(name: str, table: Table) -> str:
    return f"| `{name}` | {table.purpose} | {columns(table)} | {end(table, table.retention)} |"


@pytest.mark.parametrize("name", TABLES)
def test_every_table_stands_in_the_document_as_in_the_map(name: str) -> None:
    document = (Path(settings.BASE_DIR) / "docs/privacy.md").read_text()
    assert line(name, TABLES[name]) in document.splitlines()
