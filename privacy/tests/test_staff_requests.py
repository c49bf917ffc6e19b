"""What staff do for whoever asks, in the admin and by command."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.tests.people import logged_in, member
from assessments.lifecycle import consents
from assessments.models import Assessment, Purpose
from assessments.tests.factories import ADA
from audit.models import SystemLog

pytestmark = pytest.mark.django_db

ADDRESS = ADA["email"]
PERSONS = "/admin/persons/"


@pytest.fixture
def officer() -> Client:
    """Pia answers people."""
    return logged_in(member("Privacy"))


def do(client: Client, what: str, **more: str) -> Any:
    return client.post(PERSONS, {"email": ADDRESS, "do": what} | more)


def logs() -> str:
    return "".join(f"{log.event_type} {log.message} {log.data}" for log in SystemLog.objects.all())


def test_the_page_has_a_permission_of_its_own(operator: Client, officer: Client, client: Client) -> None:
    assert operator.get(PERSONS).status_code == 403
    assert client.get(PERSONS).status_code == 302
    assert officer.get(PERSONS).status_code == 200


def test_a_look_shows_what_is_held(officer: Client, hot_lead: Assessment) -> None:
    page = do(officer, "look").content.decode()
    assert [value for value in ADA.values() if value not in page] == []


def test_an_export_is_a_file(officer: Client, hot_lead: Assessment) -> None:
    assert do(officer, "export").json()["tables"]["assessments"]["rows"][0]["email"] == ADDRESS


def test_erasing_needs_a_tick(officer: Client, hot_lead: Assessment) -> None:
    assert do(officer, "erase").status_code == 422
    assert Assessment.objects.get().email


def test_staff_erase_a_person(officer: Client, hot_lead: Assessment) -> None:
    assert "Erased here" in do(officer, "erase", sure="1").content.decode()
    assert Assessment.objects.get().email is None


def test_staff_withdraw_every_consent_also_of_whom_the_scrub_took(officer: Client) -> None:
    do(officer, "withdraw")
    assert consents.current_choices(ADDRESS) == dict.fromkeys(Purpose, False)


@pytest.mark.parametrize(
    ("what", "event"),
    [("look", "person_looked_up"), ("export", "person_exported"), ("erase", "person_erased")],
)
def test_it_is_recorded_that_it_happened_and_not_for_whom(
    officer: Client, hot_lead: Assessment, what: str, event: str
) -> None:
    do(officer, what, sure="1")
    assert event in logs()
    assert ADDRESS not in logs()


def run(command: str, *options: str, typed: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    out = io.StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


def test_the_command_exports_whom_it_reads(hot_lead: Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
    document = json.loads(run("export_person", typed=f" {ADDRESS.upper()}\n", monkeypatch=monkeypatch))
    assert document["tables"]["assessments"]["rows"][0]["phone"] == ADA["phone"]
    assert "person_exported" in logs()


def test_the_command_erases_whom_it_reads(hot_lead: Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
    said = run("erase_person", "--yes", typed=ADDRESS, monkeypatch=monkeypatch)
    assert "Cleared: assessments 1" in said
    assert ADDRESS not in said
    assert Assessment.objects.get().email is None


def test_a_dry_run_counts_and_changes_nothing(hot_lead: Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
    said = run("erase_person", "--dry-run", typed=ADDRESS, monkeypatch=monkeypatch)
    assert "Held: assessments 1" in said
    assert Assessment.objects.get().email


def test_without_a_terminal_nobody_is_erased_unless_told(
    hot_lead: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="--yes"):
        run("erase_person", typed=ADDRESS, monkeypatch=monkeypatch)
    assert Assessment.objects.get().email


@pytest.mark.parametrize("command", ["erase_person", "export_person"])
def test_what_is_no_address_is_refused_in_words(
    db: None, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="one e-mail address"):
        run(command, typed="ada\n", monkeypatch=monkeypatch)
