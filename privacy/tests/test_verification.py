"""Reading everything again: what is left is found wherever it lies, and a changed certificate is noticed."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from assessments.models import Assessment, AssessmentSession
from assessments.tests.factories import ADA, AssessmentFactory, SessionFactory
from audit.models import SystemLog
from hubspot_sync.models import SyncAttempt
from privacy.clearing.scrub import scrub
from privacy.clearing.verification import Leftover, is_signed_here, verify_scrub
from privacy.models import ScrubCertificate
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

OLD = timedelta(days=31)


def age() -> None:
    Assessment.objects.update(created_at=timezone.now() - OLD)


def left() -> list[Leftover]:
    return list(verify_scrub().left)


def test_after_a_scrub_nothing_is_left(hot_lead: Assessment) -> None:
    age()
    assert not verify_scrub().clean
    scrub()
    assert verify_scrub().clean


@pytest.mark.parametrize("column", ["phone", "ip_address_hash"])
def test_a_value_that_the_scrub_did_not_reach_is_found(version: QuestionnaireVersion, column: str) -> None:
    AssessmentFactory.create(version=version, **{column: "1"})
    age()
    assert left() == [Leftover("assessments", column, 1)]


def test_a_key_that_the_map_does_not_list_is_found(version: QuestionnaireVersion) -> None:
    AssessmentFactory.create(version=version, utm={"name": "Ada"})
    age()
    assert left() == [Leftover("assessments", "utm", 1)]


def test_a_row_that_should_be_gone_is_found(hot_lead: Assessment) -> None:
    SyncAttempt.objects.create(
        assessment=hot_lead, revision=1, outcome="delivered", created_at=timezone.now() - OLD
    )
    assert left() == [Leftover("hubspot_sync_attempts", "row", 1)]


def test_a_session_that_nobody_cleaned_up_is_found(version: QuestionnaireVersion) -> None:
    SessionFactory.create(version=version, expires_at=timezone.now() - timedelta(hours=3))
    assert left() == [Leftover("assessment_sessions", "row", 1)]


def test_a_session_with_an_address_has_its_own_time(version: QuestionnaireVersion) -> None:
    SessionFactory.create(
        version=version, email="ada@engines.example", expires_at=timezone.now() - timedelta(days=6)
    )
    assert left() == []
    AssessmentSession.objects.update(expires_at=timezone.now() - timedelta(days=8))
    assert left() == [Leftover("assessment_sessions", "row", 1)]


def test_what_became_due_a_moment_ago_is_not_late(version: QuestionnaireVersion) -> None:
    SessionFactory.create(version=version, expires_at=timezone.now() - timedelta(hours=1))
    assert left() == []
    assert [found.table for found in verify_scrub(timedelta()).left] == ["assessment_sessions"]


def test_an_address_where_the_map_sees_none_is_found(version: QuestionnaireVersion) -> None:
    AssessmentFactory.create(version=version, hubspot_sync_error="ada@engines.example is bad")
    SystemLog.objects.record("odd", "Mail to ada@engines.example failed")
    age()
    assert left() == [Leftover("assessments", "anywhere", 1), Leftover("system_logs", "anywhere", 1)]


def test_it_tells_no_value(hot_lead: Assessment) -> None:
    age()
    told = json.dumps(verify_scrub().document())
    assert not [value for value in ADA.values() if value in told]


# The chain


def tamper(change: str) -> None:
    """A hand in psql that may switch the trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE scrub_certificates DISABLE TRIGGER USER")
        cursor.execute(change)
        cursor.execute("ALTER TABLE scrub_certificates ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE scrub_certificates SET unconfirmed = 0 WHERE number = 2", None),
        ("UPDATE scrub_certificates SET unconfirmed = 7 WHERE number = 2", 2),
        ("DELETE FROM scrub_certificates WHERE number = 1", 1),
        ("DELETE FROM scrub_certificates WHERE number = 2", 2),
        ("UPDATE scrub_certificates SET previous = repeat('f', 64) WHERE number = 3", 3),
    ],
)
def test_the_first_certificate_that_was_changed_is_named(change: str, broken: int | None) -> None:
    for _ in range(3):
        scrub()
    tamper(change)
    assert verify_scrub().broken == broken


def test_an_open_certificate_is_no_break() -> None:
    scrub()
    ScrubCertificate.objects.create(map_version="")
    assert (verify_scrub().certificates, verify_scrub().clean) == (1, True)


# The signature


def test_the_result_is_signed_and_no_word_of_it_can_be_changed(settings: Settings) -> None:
    document = verify_scrub().document()
    assert is_signed_here(document)
    assert not is_signed_here(document | {"result": document["result"] | {"certificates": 5}})
    settings.SECRET_KEY = "another" * 10
    assert not is_signed_here(document)


@pytest.mark.parametrize("nonsense", [None, [], {}, {"signature": "a"}, {"signature": "é", "result": {}}])
def test_nonsense_was_not_signed_here(nonsense: Any) -> None:
    assert not is_signed_here(nonsense)


# The command


def run(*options: str) -> str:
    out = StringIO()
    call_command("scrub_verify", *options, stdout=out)
    return out.getvalue()


def test_the_command_says_that_nothing_is_left() -> None:
    scrub()
    told = run()
    assert "1 certificates, unbroken" in told
    assert "Nothing personal is left beyond its retention." in told


def test_the_command_fails_and_says_where_something_is_left(
    hot_lead: Assessment, capsys: pytest.CaptureFixture[str]
) -> None:
    age()
    with pytest.raises(SystemExit) as ended:
        call_command("scrub_verify")
    assert ended.value.code == 1
    assert "Left: assessments email 1 row" in capsys.readouterr().out


def test_a_printed_result_can_be_checked(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_text(run("--json"))
    assert run("--check", str(file)) == "Signed here and unchanged.\n"
    file.write_text(file.read_text().replace('"certificates": 0', '"certificates": 9'))
    with pytest.raises(CommandError, match="changed since"):
        run("--check", str(file))


@pytest.mark.parametrize("content", ["", "{", "[1]"])
def test_a_file_that_is_no_result_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "result.json"
    file.write_text(content)
    with pytest.raises(CommandError):
        run("--check", str(file))


def test_a_file_that_is_not_there_is_said_so() -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run("--check", "/no/such/file")


@pytest.mark.parametrize("hours", ["-1", "99999"])
def test_a_grace_without_sense_is_refused(hours: str) -> None:
    with pytest.raises(CommandError, match="--grace-hours"):
        run(f"--grace-hours={hours}")


@pytest.mark.django_db(transaction=True)
def test_rows_that_await_vacuum_are_told(hot_lead: Assessment, capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM assessments")
        cursor.execute("UPDATE assessments SET updated_at = now()")
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
    assert verify_scrub().dead_rows > 0
    call_command("scrub_verify")
    assert "await VACUUM" in capsys.readouterr().out
