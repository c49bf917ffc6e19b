"""Ending our mails: by the mail program's button, by the link in the foot, and for good."""

import re
from email.message import EmailMessage

import pytest
from django.test import Client
from django.utils import timezone

from assessments.lifecycle import consents
from assessments.models import Assessment, ConsentSource, Purpose
from assessments.signals import lead_changed
from mailings.models import Mail, MailStop
from mailings.queue import dedup_key, enqueue_privacy_link
from mailings.stops import is_stopped
from mailings.tasks import send_due
from mailings.tests.mailbox import Mailbox, text_of

pytestmark = pytest.mark.django_db

ADDRESS = "ada@engines.example"
PHONE = {"device": "mobile", "browser": "Firefox"}


@pytest.fixture
def mail(mailbox: Mailbox, hot_lead: Assessment) -> EmailMessage:
    """The result that was mailed to Ada."""
    ask(hot_lead)
    send_due()
    [mail] = mailbox.mails
    mailbox.mails.clear()
    return mail


def ask(lead: Assessment, source: ConsentSource = ConsentSource.STEP) -> None:
    typed = None if source == ConsentSource.PRIVACY_PAGE else lead.pk
    consents.record_choices(ADDRESS, {Purpose.RESULT: True}, source, assessment=typed)
    lead.browser_info = PHONE
    lead_changed.send(Assessment, assessment=lead)


def path_to_stop(mail: EmailMessage) -> str:
    found = re.fullmatch(r"<https://check\.example\.com(/mails/stop/\S+)>", mail["List-Unsubscribe"].strip())
    assert found
    return found[1]


def ask_again(lead: Assessment) -> None:
    Mail.objects.all().delete()
    ask(lead)
    send_due()


def test_a_mail_program_stops_them_with_one_click(
    strict_client: Client, mailbox: Mailbox, mail: EmailMessage, hot_lead: Assessment
) -> None:
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = strict_client.post(path_to_stop(mail), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, MailStop.objects.count()) == (200, 1)
    ask_again(hot_lead)
    assert mailbox.mails == []


def test_looking_at_the_link_stops_nothing(client: Client, mail: EmailMessage) -> None:
    page = client.get(path_to_stop(mail)).content.decode()
    assert "Stop all mail" in page
    assert not MailStop.objects.exists()


def test_the_link_stands_in_both_forms_of_the_mail(mail: EmailMessage) -> None:
    for text in (text_of(mail), text_of(mail, "html")):
        assert path_to_stop(mail) in text


def test_the_mail_says_when_and_on_what_it_was_asked_for(mail: EmailMessage) -> None:
    for text in (text_of(mail), text_of(mail, "html")):
        assert re.search(r"asked for on .* UTC, on a phone \(Firefox\)", text)


def test_whoever_stopped_them_still_gets_the_link_to_their_data(
    client: Client, mailbox: Mailbox, mail: EmailMessage
) -> None:
    client.post(path_to_stop(mail))
    enqueue_privacy_link(ADDRESS, timezone.now())
    send_due()
    assert len(mailbox.mails) == 1


def test_only_the_owner_of_the_address_lifts_it(
    client: Client, mailbox: Mailbox, mail: EmailMessage, hot_lead: Assessment, cold_lead: Assessment
) -> None:
    client.post(path_to_stop(mail))
    Assessment.objects.filter(pk=cold_lead.pk).update(email=ADDRESS)
    cold_lead.refresh_from_db()
    ask_again(cold_lead)
    assert mailbox.mails == []
    consents.record_choices(ADDRESS, {Purpose.RESULT: True}, ConsentSource.PRIVACY_PAGE)
    ask_again(cold_lead)
    assert len(mailbox.mails) == 1


def test_it_holds_for_every_address_of_the_mailbox(
    client: Client, mailbox: Mailbox, mail: EmailMessage, cold_lead: Assessment
) -> None:
    client.post(path_to_stop(mail))
    assert is_stopped("Ada+7@engines.example")
    assert not is_stopped("ada7@engines.example")


def test_a_stop_of_an_older_release_holds(db: None) -> None:
    address = "ada+news@engines.example"
    MailStop.objects.create(recipient=dedup_key("recipient", address))
    assert is_stopped(address)


@pytest.mark.parametrize("token", ["x", "é", "0" * 300, "0123456789abcdef0123456789abcdef:x"])
def test_a_link_of_nobody_says_so(client: Client, token: str) -> None:
    assert client.post(f"/mails/stop/{token}/").status_code == 410


def test_stopping_twice_is_stopping_once(client: Client, mail: EmailMessage) -> None:
    for _ in range(2):
        assert client.post(path_to_stop(mail)).status_code == 200
    assert MailStop.objects.count() == 1
