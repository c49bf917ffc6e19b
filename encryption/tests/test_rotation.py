"""Changing keys: everything is encrypted anew, in batches, and nothing is lost on the way."""

from datetime import UTC, datetime
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django import Settings

from assessments.models import Assessment, AssessmentSession
from assessments.models.contact import CONTACT_FIELDS
from assessments.tests.factories import ADA, SessionFactory
from encryption import rotation
from encryption.keys import key_ring
from encryption.rotation import count_outdated, rotate
from scorecard.models import QuestionnaireVersion

OLD, NEW = "old" * 20, "new" * 20


@pytest.fixture
def people(version: QuestionnaireVersion, settings: Settings) -> list[AssessmentSession]:
    """Five open sessions that the old key encrypted."""
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    return [SessionFactory.create(version=version, **ADA) for _ in range(5)]


def starts() -> set[str]:
    """How what the database holds begins."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(CONTACT_FIELDS)} FROM assessment_sessions")
        return {value[:10] for row in cursor.fetchall() for value in row}


def command(*options: str) -> str:
    out = StringIO()
    call_command("rotate_encryption", *options, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("before", "after"), [([OLD], [NEW, OLD]), (["none"], [NEW]), ([OLD], ["none", OLD])]
)
def test_every_value_is_encrypted_as_the_settings_say(
    version: QuestionnaireVersion, settings: Settings, before: list[str], after: list[str]
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = before
    SessionFactory.create(version=version, **ADA)
    settings.FIELD_ENCRYPTION_KEYS = after
    assert AssessmentSession.objects.get().email == ADA["email"]
    assert rotate()["assessment_sessions"] == 1
    assert starts() == (
        {key_ring().prefix} if key_ring().encrypting else {value[:10] for value in ADA.values()}
    )
    settings.FIELD_ENCRYPTION_KEYS = after[:1]
    assert AssessmentSession.objects.get().contact.company == ADA["company"]


def test_the_dry_run_changes_nothing(people: list[AssessmentSession], settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    assert "Due: assessment_sessions 5" in command("--dry-run")
    assert starts() != {key_ring().prefix}


def test_a_second_run_finds_nothing(people: list[AssessmentSession], settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    assert "Encrypted: assessment_sessions 5" in command()
    assert "Encrypted: assessment_sessions 0" in command()


def test_a_run_that_was_cut_off_goes_on(
    people: list[AssessmentSession], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    monkeypatch.setattr(rotation, "BATCH", 2)
    assert rotation.encrypt_batch(AssessmentSession, list(CONTACT_FIELDS)) == 2
    assert count_outdated()["assessment_sessions"] == 3
    assert rotate()["assessment_sessions"] == 3


def test_it_is_no_activity_of_the_person(people: list[AssessmentSession], settings: Settings) -> None:
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    with transaction.atomic(), pgtrigger.ignore():
        AssessmentSession.objects.update(last_activity=long_ago)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    rotate()
    assert {each.last_activity for each in AssessmentSession.objects.all()} == {long_ago}


def test_without_the_old_key_it_says_which_is_missing(
    people: list[AssessmentSession], settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match="lacks the key"):
        command()


def test_scrubbed_rows_are_left_alone(erased_lead: Assessment, settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert rotate()["assessments"] == 0
