"""Pause all mails while the mail server accepts none of ours, for any recipient.

Paused mails use up no attempts. ADMINS are mailed once per pause: at once when they must act, after an hour
when the server is only unreachable.
"""

import logging
from datetime import datetime, timedelta

from django.core.mail import mail_admins
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext

from mailings.causes import explain
from mailings.models import MailLine
from mailings.refusals import AWAY
from queues.alarms import first_within

EVENT = "mail_line_held"
HOLD = timedelta(minutes=5)
HOLD_AWAY = timedelta(minutes=1)  # sending resumes as soon as the server is back
PATIENT_WITH_AWAY = timedelta(hours=1)
QUIET = timedelta(hours=1)  # between system log records; the mail is sent once

logger = logging.getLogger(__name__)


def hold_of(cause: str) -> timedelta:
    return HOLD_AWAY if cause == AWAY else HOLD


def is_held() -> bool:
    """Whether the line is paused. One query."""
    return MailLine.objects.filter(held_until__gt=Now()).exists()


def hold_line(cause: str) -> None:
    """Pause the line for a while, and notify ADMINS when due."""
    MailLine.objects.bulk_create(
        [MailLine(cause=cause, held_until=Now() + hold_of(cause))],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["cause", "held_until"],
    )
    words = explain(cause)
    logger.error("%s: %s. %s %s", EVENT, cause, words.happened, words.to_do)
    if first_to_tell():
        alert_operator(cause)


def resume_line() -> None:
    """Resume the line after a mail was accepted."""
    MailLine.objects.all().delete()


def first_to_tell() -> bool:
    """Atomically claim the notification of this pause; True for one worker, once it is due."""
    due = ~Q(cause=AWAY) | Q(created_at__lt=Now() - PATIENT_WITH_AWAY)
    return bool(MailLine.objects.filter(due, told_at__isnull=True).update(told_at=Now()))


def alert_operator(cause: str) -> None:
    """Mail ADMINS; if that fails too, the next worker tries again."""
    words = explain(cause)
    first_within(QUIET, EVENT, words.happened, cause=cause)
    try:
        mail_admins(f"{EVENT}: {cause}", f"{words.happened}\n{words.to_do}\nAll mails wait; none is lost.\n")
    except OSError:  # smtplib's errors are subclasses
        MailLine.objects.update(told_at=None)


def held_line() -> QuerySet[MailLine]:
    return MailLine.objects.all()


def held_in_words(rows: int, since: datetime) -> dict[str, object]:
    """Return the context of the admin banner."""
    line = MailLine.objects.first()
    return {"cause": explain(line.cause, gettext), "since": since} if line else {}
