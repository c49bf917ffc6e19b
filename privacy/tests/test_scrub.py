"""What time does to people, and the commands that clear data."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from constance.test import override_config
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from assessments.models import Assessment, AssessmentSession
from assessments.tests.factories import ADA, AssessmentFactory, SessionFactory
from audit.models import SystemLog
from hubspot_sync.delivery.enqueue import enqueue
from hubspot_sync.models import SyncQueueItem
from privacy.clearing import due
from privacy.clearing.scrub import count_due, scrub
from privacy.management.commands import scrub_pii
from scorecard.models import QuestionnaireVersion
from tests.elsewhere import Elsewhere

PERSON = ("email", "first_name", "last_name", "company", "phone")


def age(days: float, **found: Any) -> None:
    """Let so much time pass for these assessments."""
    Assessment.objects.filter(**found).update(created_at=timezone.now() - timedelta(days=days))


def cleared() -> dict[str, int]:
    return {each.table: each.rows for each in scrub() if each.rows}


def test_after_thirty_days_the_person_is_gone_and_the_statistics_stay(hot_lead: Assessment) -> None:
    age(30.01)
    scrub()
    row: dict[str, Any] = dict(Assessment.objects.values().get())
    assert [row[column] for column in PERSON] == [None] * 5
    kept = ("total_score", "score_category", "lead_quality", "qualified_for_briefing", "score_breakdown")
    assert [row[column] for column in kept] == [getattr(hot_lead, column) for column in kept]
    assert row["email_scrubbed_at"]


def test_a_day_before_nothing_happens(hot_lead: Assessment) -> None:
    age(29.99)
    assert cleared() == {}
    assert Assessment.objects.get().email == ADA["email"]


@pytest.mark.parametrize("field", PERSON)
def test_any_single_personal_value_is_reason_enough(version: QuestionnaireVersion, field: str) -> None:
    AssessmentFactory.create(version=version, **{field: ADA[field]})
    age(31)
    assert cleared() == {"assessments": 1}
    assert Assessment.objects.values_list(field, flat=True).get() is None


def test_traces_that_lead_to_the_person_go_too(version: QuestionnaireVersion) -> None:
    AssessmentFactory.create(version=version, ip_address_hash="a" * 64, hubspot_contact_id="51")
    age(31)
    scrub()
    assert Assessment.objects.values_list("ip_address_hash", "hubspot_contact_id").get() == (None, None)


def test_the_queue_forgets_who_it_delivered(hot_lead: Assessment) -> None:
    enqueue(hot_lead)
    old = timezone.now() - timedelta(days=31)
    SyncQueueItem.objects.update(hubspot_contact_id="51", hubspot_deal_id="7", created_at=old)
    scrub()
    assert SyncQueueItem.objects.values_list("hubspot_contact_id", "hubspot_deal_id").get() == (None, None)


def test_scrubbing_again_finds_nothing(hot_lead: Assessment) -> None:
    age(31)
    scrub()
    assert cleared() == {}


def test_the_retention_is_a_setting(hot_lead: Assessment) -> None:
    age(8)
    with override_config(EMAIL_RETENTION_DAYS=7):
        assert cleared() == {"assessments": 1}


def test_a_scrub_larger_than_a_batch_is_complete(
    version: QuestionnaireVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "BATCH", 2)
    AssessmentFactory.create_batch(5, version=version, ada=True)
    age(31)
    assert cleared() == {"assessments": 5}


def test_each_run_is_written_down_in_counts(hot_lead: Assessment) -> None:
    age(31)
    scrub()
    log = SystemLog.objects.get(event_type="email_scrub")
    assert log.data == {"records_scrubbed": {"assessments": 1}, "certificate": 1}
    assert ADA["email"] not in f"{log.message}{log.data}"


def test_what_is_due_is_counted_without_touching_it(hot_lead: Assessment) -> None:
    age(31)
    assert {due.table: due.rows for due in count_due() if due.rows} == {"assessments": 1}
    assert Assessment.objects.get().email


@pytest.mark.django_db(transaction=True)
def test_two_scrubs_at_once_are_harmless(
    version: QuestionnaireVersion, monkeypatch: Any, elsewhere: Elsewhere
) -> None:
    monkeypatch.setattr(due, "BATCH", 3)
    AssessmentFactory.create_batch(12, version=version, ada=True)
    age(31)

    scrubbed = elsewhere.at_once(2, lambda _: sum(each.rows for each in scrub()))
    assert sum(scrubbed) == 12
    assert not Assessment.objects.filter(email__isnull=False).exists()


def test_the_trace_of_a_captured_contact_goes_with_the_others(version: QuestionnaireVersion) -> None:
    SessionFactory.create(version=version)
    Assessment.objects.update(hubspot_contact_id="51", hubspot_address_hash="a" * 64)
    age(31)
    scrub()
    assert Assessment.objects.values_list("hubspot_contact_id", "hubspot_address_hash").get() == (None, None)


# Commands


@pytest.fixture
def held(version: QuestionnaireVersion) -> Iterator[psycopg.Connection]:
    """Another program's connection that holds an old lead, as a worker does that writes down an outcome."""
    AssessmentFactory.create_batch(2, version=version, ada=True)
    age(31)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT 1 FROM assessments LIMIT 1 FOR UPDATE")
        yield other


@pytest.mark.django_db(transaction=True)
def test_the_command_waits_for_a_row_that_somebody_holds(
    held: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("privacy.management.commands.scrub_pii.time.sleep", lambda _: held.rollback())
    run("scrub_pii", "--yes")
    assert not Assessment.objects.filter(email__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_the_command_fails_when_a_row_is_held_for_good(
    held: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrub_pii, "PAUSE", 0)
    with pytest.raises(CommandError, match=r"^1 rows are held by another program"):
        run("scrub_pii", "--yes")


def expire_sessions() -> None:
    AssessmentSession.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def run(command: str, *options: str) -> str:
    out = StringIO()
    call_command(command, *options, stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.parametrize(
    "command", ["scrub_pii", "purge_assessments --older-than-days 30", "cleanup_sessions"]
)
def test_a_dry_run_counts_and_changes_nothing(version: QuestionnaireVersion, command: str) -> None:
    AssessmentFactory.create(version=version, ada=True)
    SessionFactory.create(version=version)
    expire_sessions()
    age(31)
    output = run(*command.split(), "--dry-run")
    assert "Dry run: nothing was changed." in output
    assert " 1" in output or " 2" in output
    assert Assessment.objects.filter(email=ADA["email"]).exists()
    assert AssessmentSession.objects.exists()


@pytest.mark.parametrize(
    "command", ["scrub_pii", "purge_assessments --older-than-days 30", "cleanup_sessions"]
)
def test_without_a_terminal_nothing_is_destroyed_unless_told(hot_lead: Assessment, command: str) -> None:
    AssessmentSession.objects.create(
        assessment=hot_lead, total_steps=4, expires_at=timezone.now() - timedelta(days=1)
    )
    age(31)
    with pytest.raises(CommandError, match="--yes"):
        run(*command.split())
    assert Assessment.objects.get().email
    assert AssessmentSession.objects.exists()


def test_scrub_pii_reports_what_it_cleared(hot_lead: Assessment) -> None:
    age(31)
    assert "Cleared: assessments 1" in run("scrub_pii", "--yes")


@pytest.mark.parametrize("days", ["0", "-3", "40000"])
def test_a_purge_of_everything_is_refused(db: None, days: str) -> None:
    with pytest.raises(CommandError, match="--older-than-days"):
        run("purge_assessments", f"--older-than-days={days}", "--yes")
