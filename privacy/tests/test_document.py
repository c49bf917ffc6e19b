"""docs/privacy.md says what the data map says. When a line is missing, put the expected one in."""

from pathlib import Path

import pytest
from django.conf import settings

from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import ClearingRule, DataClass, Retention, Table


def columns(table: Table) -> str:
    """The columns that can tell something about a person, by kind."""
    told = []
    for kind in DataClass:
        names = [f"`{name}`" for name, column in table.columns.items() if column.kind == kind]
        if names and kind != DataClass.PLAIN:
            told.append(f"{kind}: {', '.join(names)}")
    return "; ".join(told) or "nothing"


def end(table: Table, retention: Retention | None) -> str:
    if retention is None:
        return "the rows stay"
    what = "the row is deleted" if retention.delete_row else changes(table)
    clock = retention.clock.replace("__", ".")
    if retention.setting is None:
        return f"{what} once `{clock}` has passed"
    return f"{what} `{retention.setting}` days after `{clock}`"


def changes(table: Table) -> str:
    """What is emptied, and what loses a part."""
    rules = table.scrubbed | table.thinned
    ends = {
        "are emptied": (ClearingRule.NULL, ClearingRule.BLANK, ClearingRule.EMPTY),
        "keep choices only": (ClearingRule.TYPED, ClearingRule.TYPED_VALUE),
        "keep listed keys only": (ClearingRule.LISTED,),
    }
    told = []
    for words, of in ends.items():
        if names := [f"`{name}`" for name, rule in rules.items() if rule in of]:
            told.append(f"{', '.join(names)} {words if len(names) > 1 else words.replace('keep', 'keeps')}")
    return ", ".join(told)


def line(name: str, table: Table) -> str:
    return f"| `{name}` | {table.purpose} | {columns(table)} | {end(table, table.retention)} |"


@pytest.mark.parametrize("name", TABLES)
def test_every_table_stands_in_the_document_as_in_the_map(name: str) -> None:
    document = (Path(settings.BASE_DIR) / "docs/privacy.md").read_text()
    assert line(name, TABLES[name]) in document.splitlines()
