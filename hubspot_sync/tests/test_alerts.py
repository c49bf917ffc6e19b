"""A person hears of what needs one: once, and without a name."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from audit.models import SystemLog
from hubspot_sync import alerts
from hubspot_sync.alerts import alert
from hubspot_sync.models import SyncQueueItem
from hubspot_sync.tasks import deliver_due
from hubspot_sync.tests.conftest import CONTACTS, Account, Queue, time_passes
from tests.elsewhere import Elsewhere

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def admins(settings: Settings) -> None:
    settings.ADMINS = [("", "ops@form.example")]


def events() -> list[tuple[str, str]]:
    return [(found.event_type, found.data["cause"]) for found in SystemLog.objects.order_by("id")]


def test_an_alert_is_a_log_line_a_record_and_a_mail(caplog: pytest.LogCaptureFixture) -> None:
    alert(alerts.NOT_AUTHORISED, "not_authorised_403 crm.objects.deals.write")
    [line], [message] = caplog.records, mail.outbox
    assert line.levelname == "ERROR"
    assert line.getMessage().startswith("hubspot_not_authorised: not_authorised_403")
    assert "crm.objects.deals.write" in message.subject
    assert events() == [("hubspot_not_authorised", "not_authorised_403 crm.objects.deals.write")]


def test_the_same_cause_is_mailed_once_an_hour() -> None:
    for _ in range(3):
        alert(alerts.LEAD_FAILED, "invalid_email")
    alert(alerts.LEAD_FAILED, "conflict")
    assert len(mail.outbox) == 2
    SystemLog.objects.update(created_at=Now() - timedelta(hours=2))
    alert(alerts.LEAD_FAILED, "invalid_email")
    assert len(mail.outbox) == 3


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_sends_the_mail(elsewhere: Elsewhere) -> None:
    elsewhere.at_once(8, lambda _: alert(alerts.QUOTA_USED_UP, "daily_quota_used_up"))
    assert len(mail.outbox) == len(events()) == 1


def test_a_mail_server_that_is_down_disturbs_nobody(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtplib.SMTP_SSL_PORT
    alert(alerts.LEAD_FAILED, "conflict")
    assert events() == [("hubspot_lead_failed", "conflict")]


def test_without_admins_nobody_is_mailed(settings: Settings) -> None:
    settings.ADMINS = []
    alert(alerts.LEAD_FAILED, "conflict")
    assert not mail.outbox


# Who raises them


def test_leads_that_fail_for_one_cause_are_one_alert_that_names_nobody(
    account: Account, queued: Queue, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    queued("nobody@nowhere")
    queued("somebody@nowhere")
    with django_capture_on_commit_callbacks(execute=True):
        deliver_due()
    [message] = mail.outbox
    assert message.subject == "hubspot_lead_failed: invalid_email"
    assert "nowhere" not in message.message().as_string()
    assert events() == [("hubspot_lead_failed", "invalid_email")]


def test_a_missing_scope_is_named_to_whoever_can_grant_it(account: Account, queued: Queue) -> None:
    queued()
    account.running.portal.scopes.discard("crm.objects.deals.write")
    deliver_due()
    [message] = mail.outbox
    assert message.subject == "hubspot_not_authorised: not_authorised_403 crm.objects.deals.write"


def test_an_account_that_is_not_there_asks_for_its_address(account: Account, queued: Queue) -> None:
    queued()
    account.fails(route=CONTACTS, status=404)
    deliver_due()
    assert events() == [("hubspot_misconfigured", "http_404")]
    assert "HUBSPOT_BASE_URL" in mail.outbox[0].body


def test_an_outage_alerts_nobody_as_long_as_it_may_pass(account: Account, queued: Queue) -> None:
    queued()
    account.fails(status=503)
    deliver_due()
    time_passes(hours=1)
    deliver_due()
    assert SyncQueueItem.objects.get().outages == 2
    assert not events()
