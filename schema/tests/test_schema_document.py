"""The schema document is what the database says, and the schema keeps its rules."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from schema.catalogue import Table, read_catalogue
from schema.validation import RULES, validate

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def written(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("schema")
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django ships no type for it
        call_command("schema_document", "--to", str(folder))
    return folder


def test_the_pages_are_what_the_database_says(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("schema_document", "--check")
    assert "are what the database says" in capsys.readouterr().out


def test_a_page_that_was_changed_or_is_left_over_is_named(written: Path) -> None:
    (written / "README.md").write_text("something else")
    (written / "tables/gone.md").write_text("of a table that is gone")
    with pytest.raises(CommandError, match=r"README\.md, tables/gone\.md"):
        call_command("schema_document", "--check", "--to", str(written))
    call_command("schema_document", "--to", str(written))
    assert not (written / "tables/gone.md").exists()
    call_command("schema_document", "--check", "--to", str(written))


def test_a_page_tells_columns_indexes_and_relationships(written: Path) -> None:
    page = (written / "tables/responses.md").read_text()
    for words in ("| column | type | required | default | purpose |", "## Indexes", "belongs to assessments"):
        assert words in page
    diagram = (written / "erd.md").read_text()
    assert "assessments ||--o{ responses : assessment_id" in diagram
    assert (written / "erd.svg").read_text().startswith("<svg")


def test_the_schema_keeps_every_rule() -> None:
    assert {rule: found for rule, found in validate(read_catalogue()).items() if found} == {}


# Each rule fails on a planted table.

ADD_KEY = "ALTER TABLE planted ADD FOREIGN KEY (parent) REFERENCES sections"
PLANTED = {
    "Every foreign key is valid": f"{ADD_KEY} NOT VALID",
    "Every foreign key is indexed where it is queried": ADD_KEY,
    "No index is doubled": "CREATE INDEX one ON planted (parent); CREATE INDEX two ON planted (parent, word)",
    "Every time has a zone": "ALTER TABLE planted ADD COLUMN at timestamp",
    "Every table is classified": "SELECT 1",
    "Every NOT NULL column has a default or is given": "ALTER TABLE heartbeats ADD COLUMN forgotten int "
    "NOT NULL",
    "Every CHECK allows every state": "ALTER TABLE webhooks ADD CHECK (shape IN ('json', 'slack')) NOT VALID",
}


@pytest.fixture
def planted(request: pytest.FixtureRequest) -> dict[str, Table]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE planted (id bigint PRIMARY KEY, parent uuid, word text)")
        cursor.execute(PLANTED[request.param])
    return read_catalogue()


@pytest.mark.parametrize(("planted", "rule"), [(rule, rule) for rule in PLANTED], indirect=["planted"])
def test_a_rule_finds_what_breaks_it(planted: dict[str, Table], rule: str) -> None:
    assert list(RULES[rule](planted))


def test_an_index_that_was_not_built_to_its_end_is_found() -> None:
    tables = read_catalogue()
    broken = replace(tables["users"].indexes[0], valid=False)
    tables["users"].indexes[0] = broken
    assert list(RULES["Every index is valid"](tables))


def test_a_table_without_a_place_in_the_journey_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema.validation.journey", lambda: [{"step": "None", "tables": ["no_such_table"]}])
    found = list(RULES["Every table has a place in the journey"](read_catalogue()))
    assert {"no_such_table", "users"} <= {what for what, _ in found}
