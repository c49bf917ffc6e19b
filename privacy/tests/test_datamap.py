"""The map against the territory: every column of the real database is classified, and none is invented."""

import pytest
from django.db import connection

from assessments.models.assessment import PERSONAL_COLUMNS
from privacy.clearing.due import model_of_table
from privacy.datamap.tables import TABLES, WITHOUT_PEOPLE
from privacy.datamap.vocabulary import ClearingRule, DataClass, Retention, Table


@pytest.fixture
def columns(db: None) -> dict[str, set[str]]:
    """Every column of every table that the database has, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
            " WHERE table_schema = 'public' GROUP BY table_name"
        )
        return {table: set(names) for table, names in cursor.fetchall()}


def test_every_column_is_classified(columns: dict[str, set[str]]) -> None:
    listed = {name: set(table.columns) for name, table in TABLES.items()}
    unlisted = {
        table: names - listed.get(table, set())
        for table, names in columns.items()
        if table not in WITHOUT_PEOPLE and names - listed.get(table, set())
    }
    assert unlisted == {}, "classify these in privacy/datamap/tables/"


def test_the_map_names_nothing_that_is_not_there(columns: dict[str, set[str]]) -> None:
    assert {(t, c) for t, table in TABLES.items() for c in table.columns if c not in columns[t]} == set()
    assert set(columns) >= WITHOUT_PEOPLE


def test_a_forgotten_column_is_noticed(columns: dict[str, set[str]]) -> None:
    columns["assessments"].add("shoe_size")
    with pytest.raises(AssertionError, match="shoe_size"):
        test_every_column_is_classified(columns)


@pytest.mark.parametrize("name", TABLES)
def test_whatever_is_personal_goes_by_rule_or_with_its_row(name: str) -> None:
    table = TABLES[name]
    personal = [
        c
        for c, column in table.columns.items()
        if column.kind in (DataClass.PERSONAL, DataClass.PSEUDONYMOUS)
    ]
    deleted = table.retention is not None and table.retention.delete_row
    assert all(deleted or table.columns[column].rule != ClearingRule.KEEP for column in personal)


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.scrubbed])
def test_a_scrub_rule_needs_a_retention(name: str) -> None:
    assert TABLES[name].retention


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table.retention])
def test_the_clock_of_a_retention_is_a_column_of_its_table(name: str) -> None:
    retention = TABLES[name].retention
    assert isinstance(retention, Retention)
    assert model_of_table(name)._default_manager.values(retention.clock).query  # a path that leads somewhere
    assert retention.mark is None or retention.mark in TABLES[name].columns


def test_a_table_that_no_model_has_is_told(db: None) -> None:
    with pytest.raises(LookupError, match="no_such_table"):
        model_of_table("no_such_table")


def test_a_table_knows_which_columns_lose_their_value() -> None:
    table = Table("", {"a": TABLES["assessments"].columns["email"], "b": TABLES["assessments"].columns["id"]})
    assert table.scrubbed == {"a": ClearingRule.NULL}


def test_the_index_of_the_scrub_knows_every_column_that_the_scrub_clears() -> None:
    assert set(PERSONAL_COLUMNS) == set(TABLES["assessments"].scrubbed)
