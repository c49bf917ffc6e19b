"""The mails in the back office, and sending them again."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment
from assessments.models.assessment import EmailStatus
from assessments.tests.factories import ADA
from mailings.causes import explain
from mailings.models import Mail, MailLine, MailStatus
from tests.tokens import without_tokens

pytestmark = pytest.mark.django_db

MAILS = "/admin/mailings/mail/"


@pytest.fixture
def failed(hot_lead: Assessment) -> list[Mail]:
    """Two mails that were refused, one whose worker died."""
    Assessment.objects.update(email_delivery_status="failed", email_delivery_error="smtp_550")
    causes = ("smtp_550", "smtp_550", "worker_died")
    return [
        Mail.objects.create(
            kind="result", assessment=hot_lead, status="failed", failures=3, failure_cause=cause
        )
        for cause in causes
    ]


def states() -> list[str]:
    return sorted(Mail.objects.values_list("status", flat=True))


def test_the_list_says_what_failed_and_of_whom_nothing(sales: Client, failed: list[Mail]) -> None:
    page = without_tokens(sales.get(MAILS).content.decode())
    assert "The mailbox does not exist" in page
    assert not [value for value in ADA.values() if value in page]


def test_sales_may_look_and_not_send(sales: Client, failed: list[Mail]) -> None:
    assert "send-again" not in sales.get(MAILS).content.decode()
    assert sales.post(f"{MAILS}send-again/", {"cause": "smtp_550"}).status_code == 403
    assert states() == ["failed"] * 3


def test_all_of_one_cause_are_sent_again(operator: Client, failed: list[Mail]) -> None:
    page = operator.post(f"{MAILS}send-again/", {"cause": "smtp_550"}, follow=True).content.decode()
    assert "2 mails will be sent again now" in page
    assert states() == ["failed", "waiting", "waiting"]
    assert Mail.objects.due().count() == 2


def test_selected_ones_are_sent_again_with_fresh_attempts(operator: Client, failed: list[Mail]) -> None:
    operator.post(MAILS, {"action": "send_again", "_selected_action": str(failed[2].pk)})
    mail = Mail.objects.get(pk=failed[2].pk)
    assert (mail.status, mail.failures, mail.failure_cause) == ("waiting", 0, "")
    assert Assessment.objects.get().email_delivery_status == EmailStatus.PENDING
    assert LogEntry.objects.get().object_id == str(mail.pk)


def test_what_was_sent_is_not_sent_again(operator: Client, failed: list[Mail]) -> None:
    Mail.objects.update(status=MailStatus.SENT)
    chosen = {"action": "send_again", "_selected_action": str(failed[0].pk)}
    page = operator.post(f"{MAILS}?state=all", chosen, follow=True).content.decode()
    assert "needs a person any more" in page
    assert states() == ["sent"] * 3


def test_every_page_says_that_mails_are_held(sales: Client) -> None:
    assert "Mails wait" not in sales.get(MAILS).content.decode()
    MailLine.objects.create(cause="mail_server_limits_us", held_until=timezone.now())
    page = sales.get("/admin/leads/lead/").content.decode()
    assert "Mails have been waiting since" in page
    assert "a quota or rate limit is used up" in page


@pytest.mark.parametrize(
    "code",
    [
        "smtp_552",
        "smtp_451",
        "smtp_550_mailbox",
        "smtp_452_mailbox",
        "enough_mail",
        "worker_died",
        "new_code",
    ],
)
def test_every_cause_is_said_in_words(code: str) -> None:
    assert explain(code).happened.endswith(".")
    assert explain(code).to_do.endswith(".")
