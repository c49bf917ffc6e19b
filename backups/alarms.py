"""Alarms: a backup that fails, or whose last proof is older than 26 hours."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import mail_admins
from django.utils import timezone

from audit.models import SystemLog
from backups.verification import VERIFIED
from queues.alarms import first_within

FAILED = "backup_failed"
QUIET = timedelta(hours=1)
OLDEST = timedelta(hours=26)

logger = logging.getLogger(__name__)


def alarm(what: str, words: str) -> None:
    """A log line each time; a record and a mail to ADMINS at most hourly for each kind."""
    logger.error("%s: %s", FAILED, words)
    if first_within(QUIET, FAILED, words, cause=what):
        mail_admins(f"Backup: {what}", f"{words}\nSee docs/backups.md.\n", fail_silently=True)


def last_good() -> SystemLog | None:
    """The newest record of a verification that found everything good."""
    return SystemLog.objects.filter(event_type=VERIFIED, data__result__good=True).first()


def alarm_when_old() -> None:
    """The hourly look: silent where no backup is set up."""
    if not settings.BACKUPS.to:
        return
    last = last_good()
    if last is None:
        alarm("none", "No backup was verified yet.")
    elif timezone.now() - last.created_at > OLDEST:
        hours = (timezone.now() - last.created_at).total_seconds() / 3600
        alarm("too old", f"The last verified backup is {hours:.0f} hours old; 26 at most.")
