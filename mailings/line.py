"""The line of mails is held while the mail server takes none of ours, whoever a mail is for.

Held mails spend nothing. A person is told by mail, once for each time the line is held: at once where they
must do something, after an hour where the server is only away.
"""

import logging
from datetime import datetime, timedelta

from django.core.mail import mail_admins
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from mailings.causes import explain
from mailings.models import MailLine
from mailings.refusals import AWAY
from queues.alarms import first_within

EVENT = "mail_line_held"
HOLD = timedelta(minutes=5)
HOLD_AWAY = timedelta(minutes=1)  # back as soon as the server is
PATIENT_WITH_AWAY = timedelta(hours=1)
QUIET = timedelta(hours=1)  # of records in the log; the mail is sent once

logger = logging.getLogger(__name__)


def hold_of(cause: str) -> timedelta:
    return HOLD_AWAY if cause == AWAY else HOLD


def is_held() -> bool:
    """One query."""
    return MailLine.objects.filter(held_until__gt=Now()).exists()


def hold(cause: str) -> None:
    """Send nothing for a while, and tell whoever must know."""
    MailLine.objects.bulk_create(
        [MailLine(cause=cause, held_until=Now() + hold_of(cause))],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["cause", "held_until"],
    )
    words = explain(cause)
    logger.error("%s: %s. %s %s", EVENT, cause, words.happened, words.to_do)
    if first_to_tell():
        tell(cause)


def release() -> None:
    """A mail was taken: the line moves."""
    MailLine.objects.all().delete()


def first_to_tell() -> bool:
    """True for one worker, once for each time that the line is held, when it is time to tell somebody."""
    due = ~Q(cause=AWAY) | Q(created_at__lt=Now() - PATIENT_WITH_AWAY)
    return bool(MailLine.objects.filter(due, told_at__isnull=True).update(told_at=Now()))


def tell(cause: str) -> None:
    """Write to ADMINS; where that cannot be sent either, the next worker tries again."""
    words = explain(cause)
    first_within(QUIET, EVENT, words.happened, cause=cause)
    try:
        mail_admins(f"{EVENT}: {cause}", f"{words.happened}\n{words.to_do}\nAll mails wait; none is lost.\n")
    except OSError:  # smtplib's errors are of this kind
        MailLine.objects.update(told_at=None)


def held_line() -> QuerySet[MailLine]:
    return MailLine.objects.all()


def held_in_words(rows: int, since: datetime) -> dict[str, object]:
    """For the banner in the back office."""
    line = MailLine.objects.first()
    return {"cause": explain(line.cause), "since": since} if line else {}
