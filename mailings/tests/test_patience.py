"""What a mail server puts off waits by time; what concerns us stops the line, spends nothing and is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from constance.test import override_config
from django.db.models import F
from django.utils import timezone
from pytest_django.fixtures import Settings

from assessments.lifecycle import consents
from assessments.models import (
    Assessment,
    AssessmentLink,
    ConsentSource,
    PrivacyLink,
    Purpose,
)
from assessments.signals import lead_changed
from assessments.tests.factories import AssessmentFactory
from audit.models import SystemLog
from mailings.models import Mail, MailLine
from mailings.queue import enqueue_privacy_link
from mailings.tasks import send_due
from mailings.tests.mailbox import Mailbox, text_of
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

ADA = "ada@engines.example"
BOSS = "boss@firm.example"
GREYLISTED = "450 4.2.0 try again in 300 seconds"

Want = Callable[[str], Assessment]


@pytest.fixture
def want(version: QuestionnaireVersion) -> Want:
    """Somebody who wants their result by mail."""

    def made(address: str) -> Assessment:
        lead = AssessmentFactory.create(version=version, email=address)
        consents.record_choices(address, {Purpose.RESULT: True}, ConsentSource.API)
        lead_changed.send(Assessment, assessment=lead)
        return lead

    return made


@pytest.fixture
def told(settings: Settings) -> None:
    settings.ADMINS = [("", BOSS)]
    settings.DEFAULT_FROM_EMAIL = settings.SERVER_EMAIL = "check@firm.example"


def time_passes(**gone: float) -> None:
    """As if it had been later since the last try."""
    span = timedelta(**gone)
    earlier: dict[str, Any] = {
        name: F(name) - span for name in ("next_try_at", "tried_at", "refused_since", "sent_at", "created_at")
    }
    Mail.objects.update(**earlier)
    MailLine.objects.update(held_until=F("held_until") - span, created_at=F("created_at") - span)


def state(lead: Assessment) -> tuple[str, int, str]:
    mail = Mail.objects.get(assessment=lead)
    return mail.status, mail.failures, mail.failure_cause


def minutes_until_the_next_try(lead: Assessment) -> float:
    wait: timedelta = Mail.objects.get(assessment=lead).next_try_at - timezone.now()
    return wait.total_seconds() / 60


def to_ada(mailbox: Mailbox) -> list[str]:
    return [str(mail["To"]) for mail in mailbox.mails if mail["To"] != BOSS]


# One mail that is put off


def test_a_greylisted_mail_waits_longer_each_time_and_arrives(mailbox: Mailbox, want: Want) -> None:
    lead = want(ADA)
    mailbox.answers[ADA] = GREYLISTED
    for failures, least in enumerate((5, 15, 30, 60, 60), start=1):
        send_due()
        assert state(lead) == ("waiting", failures, "smtp_450_mailbox")
        assert least - 0.1 <= minutes_until_the_next_try(lead) <= 1.2 * least
        time_passes(minutes=1.2 * least)
    mailbox.answers.clear()
    send_due()
    assert (to_ada(mailbox), state(lead)[0]) == ([ADA], "sent")


def test_others_do_not_wait_for_one_that_is_put_off(mailbox: Mailbox, want: Want) -> None:
    want(ADA)
    want("grace@compilers.example")
    mailbox.answers[ADA] = GREYLISTED
    send_due()
    assert to_ada(mailbox) == ["grace@compilers.example"]


def test_patience_is_counted_in_hours_and_ends(mailbox: Mailbox, want: Want) -> None:
    lead = want(ADA)
    mailbox.answers[ADA] = GREYLISTED
    for _ in range(23):
        send_due()
        time_passes(hours=3)
    assert state(lead)[0] == "waiting"
    time_passes(hours=6)
    send_due()
    assert state(lead)[0] == "failed"


def test_sent_again_it_has_all_its_patience_anew(mailbox: Mailbox, want: Want) -> None:
    lead = want(ADA)
    mailbox.answers[ADA] = GREYLISTED
    with override_config(EMAIL_PATIENCE_HOURS=1):
        send_due()
        time_passes(hours=2)
        send_due()
        assert state(lead)[0] == "failed"
        Mail.objects.send_again()
        send_due()
    assert state(lead)[:2] == ("waiting", 1)


def test_three_failed_tries_make_one_link_of_each_kind(mailbox: Mailbox, want: Want) -> None:
    lead = want(ADA)
    mailbox.answers[ADA] = GREYLISTED
    for _ in range(3):
        send_due()
        time_passes(hours=2)
    mailbox.answers.clear()
    send_due()
    [mail] = mailbox.mails
    assert PrivacyLink.objects.filter(assessment=lead).count() == 1
    report = AssessmentLink.objects.get(assessment=lead)
    assert f"/{report.token}" in text_of(mail)


# What concerns us


@pytest.mark.parametrize(
    ("answer", "where", "cause"),
    [
        ("421 too busy", "answer", "mail_server_away"),
        (
            "504 5.5.2 Sender rejected: need fully-qualified address",
            "answer",
            "mail_server_refuses_us",
        ),
        ("550 5.1.8 Sender address rejected: Domain not found", "answer", "mail_server_refuses_us"),
        ("530 5.7.0 Must issue a STARTTLS command first", "answer", "mail_server_refuses_us"),
        ("454 Throttling failure: Daily message quota exceeded", "answer_to_mail", "mail_server_limits_us"),
        ("452 4.3.1 Insufficient system storage", "answer_to_mail", "mail_server_limits_us"),
        ("553 not allowed to send from here", "answer_to_us", "mail_server_refuses_us"),
    ],
)
def test_a_refusal_of_us_stops_the_line_and_spends_nothing(
    mailbox: Mailbox, want: Want, answer: str, where: str, cause: str
) -> None:
    leads = [want(ADA), want("grace@compilers.example")]
    setattr(mailbox, where, answer)
    for _ in range(5):
        send_due()
        time_passes(minutes=6)
    assert MailLine.objects.get().cause == cause
    assert {state(lead)[:2] for lead in leads} == {("waiting", 0)}
    setattr(mailbox, where, "250 OK")
    send_due()
    assert len(to_ada(mailbox)) == 2
    assert not MailLine.objects.exists()


def test_while_the_line_is_held_nothing_is_tried(mailbox: Mailbox, want: Want) -> None:
    want(ADA)
    want("grace@compilers.example")
    mailbox.answer = "504 5.5.2 need fully-qualified address"
    send_due()
    send_due()
    assert len(mailbox.asked) == 1


def test_several_recipients_refused_alike_in_a_row_are_a_refusal_of_us(mailbox: Mailbox, want: Want) -> None:
    leads = [want(f"lead{number}@x.example") for number in range(5)]
    mailbox.answer = "554 5.7.1 Message refused"
    send_due()
    assert len(mailbox.asked) == 3
    assert {state(lead)[:2] for lead in leads} == {("waiting", 0)}
    assert {lead.email_delivery_status for lead in Assessment.objects.all()} == {"pending"}
    time_passes(minutes=6)
    mailbox.answer = "250 OK"
    send_due()
    assert sorted(to_ada(mailbox)) == sorted(str(lead.email) for lead in leads)


def test_bad_addresses_among_good_ones_fail_one_by_one(mailbox: Mailbox, want: Want) -> None:
    for number in range(4):
        want(f"bad{number}@x.example")
        mailbox.answers[f"bad{number}@x.example"] = "550 no such user"
        want(f"good{number}@x.example")
    send_due()
    assert len(to_ada(mailbox)) == 4
    assert Mail.objects.filter(status="failed").count() == 4
    assert not MailLine.objects.exists()


def test_mailboxes_that_do_not_exist_never_stop_the_line(mailbox: Mailbox, want: Want) -> None:
    for number in range(4):
        want(f"bad{number}@x.example")
    mailbox.answer = "550 5.1.1 no such user"
    send_due()
    assert Mail.objects.filter(status="failed", failure_cause="smtp_550_mailbox").count() == 4
    assert not MailLine.objects.exists()


# Who hears of it


def told_of(mailbox: Mailbox) -> list[str]:
    return [str(mail["Subject"]) for mail in mailbox.mails if mail["To"] == BOSS]


@pytest.mark.usefixtures("told")
def test_a_person_is_told_once_by_mail(mailbox: Mailbox, want: Want) -> None:
    want(ADA)
    mailbox.answers[ADA] = "550 5.1.8 sender rejected"
    for _ in range(4):
        send_due()
        time_passes(minutes=6)
    assert told_of(mailbox) == ["mail_line_held: mail_server_refuses_us"]
    assert SystemLog.objects.filter(event_type="mail_line_held").count() == 1
    assert ADA not in text_of(mailbox.mails[0])


@pytest.mark.usefixtures("told")
def test_whom_the_server_refuses_too_is_told_when_it_takes_mail_again(mailbox: Mailbox, want: Want) -> None:
    want(ADA)
    mailbox.answer_to_us = "553 not from here"
    send_due()
    assert mailbox.mails == []
    time_passes(minutes=6)
    mailbox.answer_to_us = "250 OK"
    mailbox.answers[ADA] = "504 sender"
    send_due()
    assert told_of(mailbox) == ["mail_line_held: mail_server_refuses_us"]


@pytest.mark.usefixtures("told")
def test_a_server_that_is_away_is_told_of_after_an_hour(mailbox: Mailbox, want: Want) -> None:
    want(ADA)
    mailbox.answers[ADA] = "421 closing"
    send_due()
    time_passes(minutes=50)
    send_due()
    assert told_of(mailbox) == []
    time_passes(minutes=11)
    send_due()
    assert told_of(mailbox) == ["mail_line_held: mail_server_away"]


@pytest.mark.usefixtures("told")
def test_held_again_later_a_person_is_told_again(mailbox: Mailbox, want: Want) -> None:
    want(ADA)
    for address in (ADA, "grace@compilers.example"):
        mailbox.answers = {address: "504 sender"}
        want(address) if address != ADA else None
        send_due()
        time_passes(minutes=6)
        mailbox.answers = {}
        send_due()
    assert len(told_of(mailbox)) == 2


# How much mail


def test_an_address_gets_one_result_a_day(mailbox: Mailbox, want: Want) -> None:
    for _ in range(3):
        want(ADA)
    send_due()
    assert to_ada(mailbox) == [ADA]
    assert sorted(Mail.objects.values_list("status", "failure_cause")) == [
        ("cancelled", "enough_mail"),
        ("cancelled", "enough_mail"),
        ("sent", ""),
    ]
    time_passes(hours=25)
    want(ADA)
    send_due()
    assert to_ada(mailbox) == [ADA] * 2


def test_all_addresses_of_one_mailbox_share_its_limits(mailbox: Mailbox, want: Want) -> None:
    for address in (ADA, ADA.replace("@", "+1@"), ADA.replace("@", "+news@")):
        want(address)
    send_due()
    assert len(mailbox.mails) == 1


def test_a_session_mails_at_most_three_addresses(mailbox: Mailbox, want: Want) -> None:
    lead = want("first@x.example")
    for number in range(2, 6):
        send_due()
        lead.email = f"other{number}@x.example"
        lead.save(update_fields=["email"])
        consents.record_choices(lead.email, {Purpose.RESULT: True}, ConsentSource.API)
        lead_changed.send(Assessment, assessment=lead)
    send_due()
    assert to_ada(mailbox) == ["first@x.example", "other2@x.example", "other3@x.example"]


def test_links_to_the_privacy_page_are_not_used_up_by_other_mails(mailbox: Mailbox, want: Want) -> None:
    now = timezone.now()
    for _ in range(6):
        want(ADA)
    enqueue_privacy_link(ADA, now)
    send_due()
    assert len(to_ada(mailbox)) == 2
    for hour in range(1, 9):
        enqueue_privacy_link(ADA, now + timedelta(hours=hour))
    send_due()
    assert len(to_ada(mailbox)) == 7


def test_a_privacy_link_goes_where_it_was_asked_for(mailbox: Mailbox, want: Want) -> None:
    """Whatever a stranger does with their assessment meanwhile."""
    own, stranger = want(ADA), want(ADA)
    Mail.objects.all().delete()
    enqueue_privacy_link(ADA, timezone.now())
    Assessment.objects.filter(pk=stranger.pk).update(email="attacker@evil.example")
    send_due()
    assert to_ada(mailbox) == [ADA]
    assert PrivacyLink.objects.get().assessment_id == own.pk
    assert Mail.objects.get().address is None
