"""A lead that will be scrubbed before HubSpot has it alarms in time."""

import json
from datetime import timedelta

import pytest
from constance.test import override_config
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from assessments.models import Assessment
from assessments.tests.factories import ADA
from audit.models import SystemLog
from privacy.clearing.scrub import scrub
from privacy.clearing.undelivered_alarm import EVENT, AtRisk, leads_at_risk, raise_alarm
from privacy.tasks import watch_deliveries
from tests.tokens import without_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def admins(settings: Settings) -> None:
    settings.ADMINS = [("", "ops@form.example")]


def age(days: float) -> None:
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=days))


def test_from_day_twenty_on_an_unconfirmed_lead_is_at_risk(hot_lead: Assessment) -> None:
    age(19.9)
    assert leads_at_risk() == AtRisk(0, 0)
    age(20.1)
    assert leads_at_risk() == AtRisk(1, 10)


@pytest.mark.parametrize(("days", "left"), [(29.5, 1), (30.5, 0), (45.0, 0)])
def test_the_days_that_are_left_are_counted_to_the_scrub(
    hot_lead: Assessment, days: float, left: int
) -> None:
    age(days)
    assert leads_at_risk().days_left == left


@pytest.mark.parametrize("status", ["synced", "skipped"])
def test_a_lead_that_hubspot_has_or_that_goes_nowhere_is_none(hot_lead: Assessment, status: str) -> None:
    Assessment.objects.update(hubspot_sync_status=status)
    age(25)
    assert not leads_at_risk().leads


def test_both_days_are_settings(hot_lead: Assessment) -> None:
    age(6)
    with override_config(DELIVERY_ALARM_DAYS=5, EMAIL_RETENTION_DAYS=9):
        assert leads_at_risk() == AtRisk(1, 3)


def test_a_short_retention_does_not_silence_the_alarm(hot_lead: Assessment) -> None:
    with override_config(DELIVERY_ALARM_DAYS=20, EMAIL_RETENTION_DAYS=9):
        age(5)
        assert not leads_at_risk().leads
        age(7)
        assert leads_at_risk().leads == 1


def test_it_is_logged_each_time_and_recorded_and_mailed_once_a_day(
    hot_lead: Assessment, caplog: pytest.LogCaptureFixture
) -> None:
    age(25)
    for _ in range(3):
        watch_deliveries()
    assert [message.split(":")[0] for message in caplog.messages] == [EVENT] * 3
    assert len(mail.outbox) == 1
    assert SystemLog.objects.get().data == {"cause": "unconfirmed", "leads": 1, "days_left": 5}
    SystemLog.objects.update(created_at=timezone.now() - timedelta(hours=25))
    raise_alarm()
    assert len(mail.outbox) == 2


def test_the_alarm_names_nobody(hot_lead: Assessment, caplog: pytest.LogCaptureFixture) -> None:
    age(25)
    raise_alarm()
    told = f"{caplog.messages} {mail.outbox[0].message()} {SystemLog.objects.values().get()}"
    assert not [value for value in ADA.values() if value in without_tokens(told)]


def test_without_a_lead_at_risk_nobody_hears_anything(
    hot_lead: Assessment, caplog: pytest.LogCaptureFixture
) -> None:
    raise_alarm()
    assert (mail.outbox, caplog.messages) == ([], [])
    assert not SystemLog.objects.exists()


def test_at_the_legal_stop_the_lead_is_scrubbed_all_the_same(hot_lead: Assessment) -> None:
    age(30.5)
    scrub()
    row = Assessment.objects.get()
    assert (row.email, row.scrubbed_unconfirmed) == (None, True)
    assert leads_at_risk() == AtRisk(0, 0)


def test_a_delivered_lead_is_not_marked(hot_lead: Assessment) -> None:
    Assessment.objects.update(hubspot_sync_status="synced")
    age(31)
    scrub()
    assert not Assessment.objects.get().scrubbed_unconfirmed


def test_staff_who_see_the_queue_see_a_banner(sales: Client, hot_lead: Assessment) -> None:
    assert "may be lost" not in sales.get("/admin/").content.decode()
    age(28.5)
    page = sales.get("/admin/").content.decode()
    assert "1 lead may be lost" in page
    assert "the oldest will be scrubbed in 2 days all the same" in page


def test_the_figures_tell_it(hot_lead: Assessment, capsys: pytest.CaptureFixture[str]) -> None:
    age(25)
    call_command("figures")
    assert json.loads(capsys.readouterr().out)["at_risk"] == [{"leads": 1, "days_left": 5}]
