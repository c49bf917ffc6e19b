"""The record of processing: what `script/manage datamap` prints and exports."""

import csv
import json
from dataclasses import replace

import pytest
from django.core.management import call_command

from privacy.datamap.processing_register import map_version, register_entries
from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import Basis


def printed(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    call_command("datamap", *options)
    return capsys.readouterr().out


def test_people_read_what_tells_something_of_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys)
    assert "steps at the person's own request, (b); kept EMAIL_RETENTION_DAYS days after created_at" in out
    [line] = [found for found in out.splitlines() if found.strip().startswith("phone") and "NULL" in found]
    assert line.split(None, 2) == ["phone", "personal", "set to NULL, goes to HubSpot"]
    assert "order_index" not in out
    assert map_version() in out


def test_the_csv_has_every_column_of_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(printed(capsys, "--format", "csv").splitlines()))
    listed = {(row["table"], row["column"]) for row in rows}
    assert listed == {(name, column) for name, table in TABLES.items() for column in table.columns}
    assert all(row["purpose"] and row["legal_basis"] and row["retention"] for row in rows)


def test_the_json_says_which_map_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(printed(capsys, "--format", "json"))
    assert document["version"] == map_version()
    assert len(document["columns"]) == len(register_entries())


def test_a_json_column_is_recorded_key_by_key() -> None:
    keys = [
        found.key for found in register_entries() if (found.table, found.column) == ("assessments", "utm")
    ]
    assert keys == ["", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"]


def test_what_goes_with_its_row_says_so() -> None:
    [phone] = [e for e in register_entries() if (e.table, e.column) == ("assessment_sessions", "phone")]
    assert (phone.rule, phone.retention) == (
        "deleted with the row",
        "UNFINISHED_RETENTION_DAYS days after expires_at with email, "
        "without it as soon as expires_at has passed",
    )


def test_the_version_changes_with_the_map(monkeypatch: pytest.MonkeyPatch) -> None:
    before = map_version()
    monkeypatch.setitem(TABLES, "assessments", replace(TABLES["assessments"], basis=Basis.CONSENT))
    assert map_version() != before
