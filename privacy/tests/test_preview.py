"""Who shortens a retention sees first what that would clear."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from constance import config
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from assessments.models import Assessment
from assessments.tests.factories import SessionFactory
from audit.models import SystemLog
from privacy.clearing.preview import Effect, retention_effects
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

SETTINGS = "/admin/constance/config/"


@pytest.fixture(autouse=True)
def ten_days_old(hot_lead: Assessment) -> None:
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=10))


def save(client: Client, **changes: Any) -> str:
    """Post the form as the browser got it, with changes; the page that comes back."""
    page = client.get(SETTINGS).context["form"]
    values = {name: page.initial.get(name, "") for name in page.fields}
    values = {name: value for name, value in values.items() if value is not False}
    return client.post(SETTINGS, values | changes, follow=True).content.decode()


def stored(setting: str) -> object:
    """What is set, past the snapshot of this process."""
    config._backend.forget()
    return getattr(config, setting)


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found
    return found[1].replace("&quot;", '"')


def test_the_effect_of_another_retention_is_counted() -> None:
    assert retention_effects({"EMAIL_RETENTION_DAYS": 9}) == [Effect("assessments", 0, 1)]
    assert retention_effects({"EMAIL_RETENTION_DAYS": 11}) == []


@pytest.mark.parametrize("setting", ["UNFINISHED_RETENTION_DAYS", "EMAIL_RETENTION_DAYS"])
def test_unfinished_assessments_that_it_ends_are_counted(version: QuestionnaireVersion, setting: str) -> None:
    """They are kept for a time of their own, and never longer than leads."""
    left = timezone.now() - timedelta(days=3)
    SessionFactory.create(version=version, email="ada@engines.example", expires_at=left)
    assert Effect("assessment_sessions", 0, 1) in retention_effects({setting: 2})
    assert retention_effects({setting: 40}) == []


def test_a_shorter_retention_is_not_saved_before_its_effect_was_seen(operator: Client) -> None:
    page = save(operator, EMAIL_RETENTION_DAYS=9)
    assert "Nothing is saved yet. The next scrub would clear: assessments 1 row instead of 0." in page
    assert stored("EMAIL_RETENTION_DAYS") == 30


def test_saving_again_saves_it(operator: Client) -> None:
    warned = save(operator, EMAIL_RETENTION_DAYS=9)
    save(operator, EMAIL_RETENTION_DAYS=9, seen=seen(warned))
    assert stored("EMAIL_RETENTION_DAYS") == 9


def test_what_was_seen_holds_for_these_days_only(operator: Client) -> None:
    warned = save(operator, EMAIL_RETENTION_DAYS=9)
    assert "Nothing is saved yet." in save(operator, EMAIL_RETENTION_DAYS=8, seen=seen(warned))
    assert stored("EMAIL_RETENTION_DAYS") == 30


@pytest.mark.parametrize("change", [{"EMAIL_RETENTION_DAYS": 40}, {"HUBSPOT_MAX_RETRIES": 7}])
def test_what_clears_no_more_is_saved_at_once(operator: Client, change: dict[str, int]) -> None:
    save(operator, **change)
    [(name, value)] = change.items()
    assert stored(name) == value


def test_every_change_is_recorded_with_who_made_it(operator: Client) -> None:
    save(operator, HUBSPOT_MAX_RETRIES=7, HUBSPOT_NEEDS_CONSENT="on")
    found = {log.data["setting"]: log.data for log in SystemLog.objects.filter(event_type="setting_changed")}
    olga = f"staff {User.objects.get().pk}"
    assert found == {
        "HUBSPOT_MAX_RETRIES": {"setting": "HUBSPOT_MAX_RETRIES", "old": 5, "new": 7, "asked_by": olga},
        "HUBSPOT_NEEDS_CONSENT": {
            "setting": "HUBSPOT_NEEDS_CONSENT",
            "old": False,
            "new": True,
            "asked_by": olga,
        },
    }
    assert "new: 7, old: 5" in operator.get("/admin/audit/systemlog/").content.decode()


def test_words_are_not_recorded_they_may_be_a_name(operator: Client) -> None:
    save(operator, PRIVACY_CONTACT="ada@engines.example")
    data = SystemLog.objects.get(event_type="setting_changed").data
    assert (data["old"], data["new"]) == ("empty", "words")


def test_a_retention_that_is_not_saved_yet_is_not_recorded(operator: Client) -> None:
    warned = save(operator, EMAIL_RETENTION_DAYS=9)
    assert not SystemLog.objects.filter(event_type="setting_changed").exists()
    save(operator, EMAIL_RETENTION_DAYS=9, seen=seen(warned))
    assert SystemLog.objects.get(event_type="setting_changed").data["new"] == 9


@pytest.mark.parametrize("days", [0, -1, 4000])
def test_a_retention_without_sense_is_refused(operator: Client, days: int) -> None:
    save(operator, EMAIL_RETENTION_DAYS=days)
    assert stored("EMAIL_RETENTION_DAYS") == 30


def preview(*words: str) -> str:
    out = StringIO()
    call_command("retention_preview", *words, stdout=out)
    return out.getvalue()


def test_the_command_says_it_too() -> None:
    assert "would clear: assessments 1 row instead of 0" in preview("EMAIL_RETENTION_DAYS=9")
    assert "the same rows as now" in preview("EMAIL_RETENTION_DAYS=20", "LOGIN_RETENTION_DAYS=3")
    assert stored("EMAIL_RETENTION_DAYS") == 30


@pytest.mark.parametrize("word", ["SHOES=9", "EMAIL_RETENTION_DAYS", "EMAIL_RETENTION_DAYS=0"])
def test_the_command_refuses_nonsense(word: str) -> None:
    with pytest.raises(CommandError, match=r"not a retention|between 1 and"):
        preview(word)


def test_the_command_line_of_constance_refuses_no_days_at_all() -> None:
    with pytest.raises(CommandError):
        call_command("constance", "set", "EMAIL_RETENTION_DAYS", "0")


def test_the_command_line_asks_before_it_clears_more_and_leaves_a_record(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shorter = ("set", "EMAIL_RETENTION_DAYS", "9")
    with pytest.raises(CommandError, match="Add --yes"):
        call_command("constance", *shorter)
    assert "would clear: assessments 1 row instead of 0" in capsys.readouterr().out
    assert stored("EMAIL_RETENTION_DAYS") == 30
    assert not SystemLog.objects.exists()
    call_command("constance", "--yes", *shorter)
    call_command("constance", *shorter)  # it is so already
    assert stored("EMAIL_RETENTION_DAYS") == 9
    change = {"setting": "EMAIL_RETENTION_DAYS", "old": 30, "new": 9, "asked_by": "command line"}
    assert [log.data for log in SystemLog.objects.all()] == [change]
