"""Mails to prospects, by a real mail server: each that was promised, once, to whoever still wants it."""

import html
import re
from datetime import timedelta

import pytest
from constance.test import override_config
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.utils import timezone
from pytest_django.fixtures import Settings

from assessments.lifecycle import consents
from assessments.models import (
    Assessment,
    Consent,
    ConsentSource,
    PrivacyLink,
    Purpose,
    SuppressedAddress,
)
from assessments.results.result import result_of
from assessments.signals import lead_changed
from assessments.tests.factories import SessionFactory
from mailings.delivery import LineHeld, deliver_next
from mailings.links import Links
from mailings.models import Mail, MailKind
from mailings.queue import enqueue_privacy_link
from mailings.rendering import message
from mailings.tasks import send_due
from mailings.tests.mailbox import Mailbox, text_of
from queues.leased_row import MAX_CLAIMS
from scorecard import versions
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

ADDRESS = "ada@engines.example"
NOW = timezone.now()


def want_result(given: bool = True) -> None:
    consents.record_choices(ADDRESS, {Purpose.RESULT: given}, ConsentSource.API)


def changed(lead: Assessment) -> None:
    lead_changed.send(Assessment, assessment=lead)


def status() -> str:
    return Mail.objects.get().status


def time_passes() -> None:
    day = timedelta(days=1)
    Mail.objects.update(next_try_at=F("next_try_at") - day, lease_until=F("lease_until") - day)


@pytest.fixture
def asked(hot_lead: Assessment) -> Assessment:
    """Ada wants the result by mail."""
    want_result()
    changed(hot_lead)
    return hot_lead


def test_the_result_goes_to_whoever_asked_for_it(mailbox: Mailbox, asked: Assessment) -> None:
    send_due()
    [mail] = mailbox.mails
    assert mail["To"] == ADDRESS
    for text in (text_of(mail), text_of(mail, "html")):
        assert f"{asked.total_score} of 100" in text
        assert "https://check.example.com/privacy/open/" in text
        assert "1 High Street" in text
    assert status() == "sent"
    assert Assessment.objects.get().email_delivery_status == "sent"


@pytest.mark.parametrize(
    ("kind", "said"),
    [("result", "Empfehlungen, die dringendsten zuerst"), ("privacy_link", "Er gilt 30 Tage")],
)
def test_a_mail_speaks_the_language_of_its_reader(
    mailbox: Mailbox, hot_lead: Assessment, kind: str, said: str
) -> None:
    Assessment.objects.update(language="de")
    if kind == "result":
        want_result()
        changed(hot_lead)
    else:
        enqueue_privacy_link(ADDRESS, NOW)
    send_due()
    [mail] = mailbox.mails
    assert mail["Subject"].startswith("Ihr")
    assert '<html lang="de" dir="ltr">' in text_of(mail, "html")
    for text in (text_of(mail), text_of(mail, "html")):
        assert said in text
        assert "berichtigen, Einwilligungen widerrufen oder" in text


def test_the_calendar_is_offered_with_every_score_before_anything_else(
    hot_lead: Assessment, cold_lead: Assessment
) -> None:
    link = "https://calendar.example/briefing"
    with override_config(BRAND_CALENDAR_LINK=link):
        for lead in (hot_lead, cold_lead):
            message_of_lead = result_of(lead).band.message
            for part in parts(message(MailKind.RESULT, lead, ADDRESS)):
                assert part.index(link) < html.unescape(part).index(message_of_lead)


def test_a_result_is_mailed_with_a_greeting_and_a_line_for_the_list_of_mails(hot_lead: Assessment) -> None:
    text, shown = parts(message(MailKind.RESULT, hot_lead, ADDRESS))
    assert text.startswith("Hello,")
    assert "Inside: your first steps, and your report as a PDF." in shown.partition("Hello,")[0]


def test_a_mail_without_links_names_address_and_number_as_people_write_them(hot_lead: Assessment) -> None:
    with override_config(BRAND_CONTACT="talk@ada.example", ADVISER_PHONE="+49 30 12 34"):
        text, _shown = parts(message(MailKind.RESULT, hot_lead, ADDRESS))
    assert "Write to us: talk@ada.example\n" in text
    assert "Call us: +49 30 12 34\n" in text


def parts(mail: EmailMultiAlternatives) -> list[str]:
    """A mail as text and as HTML."""
    return [str(mail.body), *(str(content) for content, _ in mail.alternatives)]


@pytest.mark.parametrize("kind", [kind for kind in MailKind if kind != MailKind.PASSWORD_RESET])
def test_a_mail_wears_the_brand_and_its_text_stays_plain(hot_lead: Assessment, kind: MailKind) -> None:
    links = Links(resume_url="https://check.example.com/continue/x", resume_until=NOW)
    light = {"BRAND_PRIMARY_LIGHT": "#a01060", "BRAND_ACCENT_LIGHT": "#1040a0"}
    colors = light | {"BRAND_PRIMARY_DARK": "#f2a0c4"}
    with override_config(BRAND_NAME="Ada & Partners", **colors):
        text, shown = parts(message(kind, hot_lead, ADDRESS, links))
    assert [color for color in colors.values() if color not in shown] == []
    assert "Ada &amp; Partners" in shown
    assert "Ada & Partners" in text
    assert not re.search("#[0-9a-f]{6}|[<>]", text)


def test_without_consent_no_result_is_mailed(hot_lead: Assessment) -> None:
    changed(hot_lead)
    assert not Mail.objects.exists()
    assert Assessment.objects.get().email_delivery_status == "skipped"


def test_consent_given_later_mails_the_result(mailbox: Mailbox, hot_lead: Assessment) -> None:
    changed(hot_lead)
    want_result()
    changed(hot_lead)
    assert Assessment.objects.get().email_delivery_status == "pending"
    send_due()
    assert len(mailbox.mails) == 1
    assert Assessment.objects.get().email_delivery_status == "sent"


def test_asking_twice_sends_once(mailbox: Mailbox, asked: Assessment) -> None:
    changed(asked)
    send_due()
    changed(asked)
    send_due()
    assert len(mailbox.mails) == 1


def test_consent_taken_back_before_it_was_sent_stops_it(mailbox: Mailbox, asked: Assessment) -> None:
    want_result(given=False)
    send_due()
    assert (mailbox.mails, status()) == ([], "cancelled")
    assert Assessment.objects.get().email_delivery_status == "skipped"


def test_consent_given_again_mails_the_result_once(mailbox: Mailbox, asked: Assessment) -> None:
    want_result(given=False)
    send_due()
    want_result()
    for _ in range(2):
        changed(asked)
        send_due()
    assert len(mailbox.mails) == 1


def test_nobody_whom_we_erased_gets_a_mail(mailbox: Mailbox, asked: Assessment) -> None:
    SuppressedAddress.objects.suppress(ADDRESS)
    send_due()
    assert (mailbox.mails, status()) == ([], "cancelled")


def test_a_mail_holds_no_word_of_the_persons_own(mailbox: Mailbox, asked: Assessment) -> None:
    send_due()
    [mail] = mailbox.mails
    text = text_of(mail) + text_of(mail, "html") + str(mail["Subject"])
    assert [word for word in (asked.first_name, asked.company) if word and word in text] == []


def test_the_link_in_a_mail_opens_everything_of_its_reader(mailbox: Mailbox, asked: Assessment) -> None:
    send_due()
    found = re.search(r"/privacy/open/(\S+?)/", text_of(mailbox.mails[0]))
    assert found
    link = PrivacyLink.objects.of_token(found[1]).get()
    assert (link.assessment, bool(link.address_hash)) == (asked, True)


def test_the_queue_holds_neither_address_nor_words(asked: Assessment) -> None:
    assert ADDRESS not in str(Mail.objects.values().get())


def test_a_refusal_for_good_needs_a_person(mailbox: Mailbox, asked: Assessment) -> None:
    mailbox.answer = f"550 no mailbox {ADDRESS}"
    send_due()
    mail = Mail.objects.get()
    assert (mail.status, mail.failure_cause) == ("failed", "smtp_550")
    assert Assessment.objects.get().email_delivery_error == "smtp_550"


def test_a_mail_server_that_is_away_costs_no_try(
    mailbox: Mailbox, asked: Assessment, settings: Settings
) -> None:
    settings.EMAIL_PORT = 1
    with pytest.raises(LineHeld):
        deliver_next()
    mail = Mail.objects.get()
    assert (mail.status, mail.failures, mail.failure_cause) == ("waiting", 0, "mail_server_away")


@pytest.mark.parametrize(
    ("answer", "cause", "words"),
    [
        ("550 not from here", "mail_server_refuses_us", "Check EMAIL_URL and DEFAULT_FROM_EMAIL"),
        ("450 not so fast", "mail_server_away", "Mails wait: mail_server_away"),
    ],
)
def test_a_mail_server_that_takes_none_of_ours_costs_no_try(
    mailbox: Mailbox, asked: Assessment, caplog: pytest.LogCaptureFixture, answer: str, cause: str, words: str
) -> None:
    mailbox.answer_to_us = answer
    send_due()
    mail = Mail.objects.get()
    assert (mail.status, mail.failures, mail.failure_cause) == ("waiting", 0, cause)
    assert words in caplog.text
    assert ADDRESS not in caplog.text


def test_a_mail_whose_worker_died_is_sent_by_another(mailbox: Mailbox, asked: Assessment) -> None:
    Mail.objects.claim()
    send_due()
    assert mailbox.mails == []
    time_passes()
    send_due()
    assert len(mailbox.mails) == 1


def test_a_mail_that_kills_its_workers_needs_a_person(mailbox: Mailbox, asked: Assessment) -> None:
    for _ in range(MAX_CLAIMS):
        Mail.objects.claim()
        time_passes()
    send_due()
    assert (status(), Mail.objects.get().failure_cause) == ("failed", "worker_died")


@pytest.mark.parametrize("off", ["setting", "server"])
def test_switched_off_mails_wait(mailbox: Mailbox, asked: Assessment, settings: Settings, off: str) -> None:
    settings.MAIL_IS_SET_UP = off != "server"
    with override_config(EMAIL_DELIVERY_ENABLED=off != "setting"):
        send_due()
    assert (mailbox.mails, status()) == ([], "waiting")


# The privacy link


def test_a_link_goes_to_a_known_address_once_an_hour(mailbox: Mailbox, hot_lead: Assessment) -> None:
    enqueue_privacy_link(ADDRESS.upper(), NOW)
    enqueue_privacy_link(ADDRESS, NOW)
    send_due()
    assert [mail["To"] for mail in mailbox.mails] == [ADDRESS]
    enqueue_privacy_link(ADDRESS, NOW + timedelta(hours=1))
    send_due()
    assert len(mailbox.mails) == 2


def test_an_unfinished_assessment_is_known_too(mailbox: Mailbox, version: QuestionnaireVersion) -> None:
    SessionFactory.create(version=version, email=ADDRESS)
    enqueue_privacy_link(ADDRESS, NOW)
    send_due()
    assert [mail["To"] for mail in mailbox.mails] == [ADDRESS]


def test_asking_for_an_unknown_address_is_the_same_work_and_sends_nothing(mailbox: Mailbox, db: None) -> None:
    enqueue_privacy_link("nobody@x.example", NOW)
    assert Mail.objects.get().kind == MailKind.PRIVACY_LINK
    send_due()
    assert (mailbox.mails, status()) == ([], "cancelled")


def test_a_link_needs_no_consent(mailbox: Mailbox, hot_lead: Assessment) -> None:
    enqueue_privacy_link(ADDRESS, NOW)
    assert not Consent.objects.exists()
    send_due()
    assert len(mailbox.mails) == 1


def test_a_mail_tells_the_result_in_the_language_of_the_assessment(hot_lead: Assessment) -> None:
    german = versions.get(hot_lead.version_id).in_language("de").band(hot_lead.score_category or "")
    assert german.message not in str(message(MailKind.RESULT, hot_lead, ADDRESS).body)
    hot_lead.language = "de"
    assert german.message in str(message(MailKind.RESULT, hot_lead, ADDRESS).body)
