"""News and offers by double opt-in: two browsers, one of which only typed the other's address."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from assessments.lifecycle import consents
from assessments.models import Assessment, Consent, ConsentSource, Purpose
from assessments.tests.browsing import finish
from hubspot_sync.delivery.lead_reader import read_leads
from hubspot_sync.models import SyncQueueItem
from mailings.models import Mail, MailKind
from mailings.tasks import send_due
from mailings.tests.mailbox import Mailbox, text_of
from scorecard.definition import Definition

pytestmark = pytest.mark.django_db

ADA = "ada@engines.example"
TICKED = {"consent": "marketing"}
WISH = "Send me news and offers about AI by e-mail, now and then."
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
def stranger(mailbox: Mailbox, definition: Definition) -> Client:
    """Somebody finished with Ada's address and ticked the box."""
    client = Client(headers={"user-agent": PHONE})
    finish(client, definition, "D", ADA, **TICKED)
    return client


def confirm_path(mailbox: Mailbox) -> str:
    """The path of the link in the only mail."""
    send_due()
    [mail] = mailbox.mails
    found = re.search(r"https://check\.example\.com(/privacy/confirm/\S+/)", text_of(mail))
    assert found
    assert found[1] in text_of(mail, "html")
    return found[1]


def marketing() -> bool | None:
    return consents.current_choices(ADA).get(Purpose.MARKETING)


def click(mailbox: Mailbox, give: str = "1") -> Client:
    """Ada opens the link and presses a button."""
    ada = Client()
    ada.get(confirm_path(mailbox), follow=True)
    ada.post(reverse("privacy:confirm"), {"give": give})
    return ada


@pytest.mark.usefixtures("stranger")
def test_a_box_that_was_ticked_waits_for_a_click(mailbox: Mailbox) -> None:
    assert marketing() is None
    click(mailbox)
    assert marketing() is True
    assert Consent.objects.latest("pk").source == ConsentSource.MAIL


@pytest.mark.usefixtures("stranger")
def test_hubspot_hears_of_it_after_the_click_alone(mailbox: Mailbox) -> None:
    assessment = Assessment.objects.get()
    assert Purpose.MARKETING not in read_leads([assessment])[assessment.pk].consents
    SyncQueueItem.objects.update(status="done")
    click(mailbox)
    assessment.refresh_from_db()
    assert read_leads([Assessment.objects.get()])[assessment.pk].consents[Purpose.MARKETING] is True
    assert SyncQueueItem.objects.filter(status="waiting").count() == 1


@pytest.mark.usefixtures("stranger")
def test_the_mail_says_what_when_and_on_what_it_was_asked_for(mailbox: Mailbox) -> None:
    confirm_path(mailbox)
    [mail] = mailbox.mails
    assert mail["Subject"] == "Please confirm: news and offers by e-mail"
    for text in (text_of(mail), text_of(mail, "html")):
        assert WISH in text
        assert re.search(r"asked for on .* UTC, on a phone \(Firefox Mobile\)", text)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.usefixtures("stranger")
def test_a_scanner_that_opens_the_link_confirms_nothing(mailbox: Mailbox) -> None:
    page = Client().get(confirm_path(mailbox), follow=True)
    assert WISH in page.content.decode()
    assert marketing() is None


@pytest.mark.usefixtures("stranger")
def test_this_was_not_me_ends_it(mailbox: Mailbox, definition: Definition) -> None:
    click(mailbox, give="0")
    assert marketing() is False
    mailbox.mails.clear()
    Mail.objects.all().delete()
    finish(Client(), definition, "D", ADA, **TICKED)
    send_due()
    assert (mailbox.mails, marketing()) == ([], False)


@pytest.mark.usefixtures("stranger")
def test_so_does_the_link_that_stops_all_mail(mailbox: Mailbox, definition: Definition) -> None:
    confirm_path(mailbox)
    [mail] = mailbox.mails
    Client().post(mail["List-Unsubscribe"].strip()[1:-1].removeprefix("https://check.example.com"))
    assert Consent.objects.latest("pk").source == ConsentSource.UNSUBSCRIBE
    mailbox.mails.clear()
    Mail.objects.all().delete()
    finish(Client(), definition, "D", ADA, **TICKED)
    send_due()
    assert mailbox.mails == []


def test_ada_loses_no_link_whatever_the_stranger_does(
    stranger: Client, mailbox: Mailbox, definition: Definition
) -> None:
    """The mail belongs to the address: the stranger's change of address takes it from nobody."""
    own = finish(Client(), definition, "D", ADA)
    path = confirm_path(mailbox)
    theirs = Assessment.objects.exclude(pk=own.pk).get()
    stranger.post(reverse("assessments:contact", args=[theirs.pk]), {"email": "x@evil.example"})
    ada = Client()
    ada.get(path, follow=True)
    ada.post(reverse("privacy:confirm"), {"give": "1"})
    assert marketing() is True
    assert consents.current_choices("x@evil.example").get(Purpose.MARKETING) is None


def test_an_address_gets_one_such_mail_a_day(
    stranger: Client, mailbox: Mailbox, definition: Definition
) -> None:
    finish(Client(), definition, "D", ADA, **TICKED)
    stranger.post(
        reverse("assessments:contact", args=[Assessment.objects.earliest("created_at").pk]), {"email": ADA}
    )
    send_due()
    kinds = Mail.objects.values_list("kind", "status", "failure_cause").order_by("created_at")
    assert len(mailbox.mails) == 1
    assert list(kinds) == [
        (MailKind.CONFIRMATION, "sent", ""),
        (MailKind.CONFIRMATION, "cancelled", "enough_mail"),
    ]


def test_the_result_page_says_that_a_click_is_needed(stranger: Client) -> None:
    assessment = Assessment.objects.get()
    page = stranger.post(reverse("assessments:contact", args=[assessment.pk]), {"email": ADA}, follow=True)
    assert "Please use it to confirm" in page.content.decode()


def test_without_mail_nobody_is_asked(settings: Settings) -> None:
    settings.MAIL_IS_SET_UP = False
    assert Purpose.MARKETING not in {box.purpose for box in consents.consent_boxes()}


def test_whoever_proved_the_address_needs_no_second_click(
    stranger: Client, mailbox: Mailbox, definition: Definition
) -> None:
    ada = click(mailbox)
    ada.post(reverse("privacy:consent"), {"purpose": "marketing", "give": "0"})
    ada.post(reverse("privacy:consent"), {"purpose": "marketing", "give": "1"})
    send_due()
    assert (marketing(), len(mailbox.mails)) == (True, 1)
