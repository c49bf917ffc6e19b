"""Alerts: a log line each time; a system log record and a mail to ADMINS at most hourly per cause.

They name an event and a cause, never a person: the queue shows which leads are affected.
"""

import logging
from datetime import timedelta

from django.core.mail import mail_admins

from hubspot_sync.causes import explain
from queues.alarms import first_within

LEAD_FAILED = "hubspot_lead_failed"
ERASURE_FAILED = "hubspot_erasure_failed"
NOT_AUTHORISED = "hubspot_not_authorised"
MISCONFIGURED = "hubspot_misconfigured"
ACCOUNT_CHANGED = "hubspot_account_changed"
QUOTA_USED_UP = "hubspot_daily_quota_used_up"

QUIET = timedelta(hours=1)

logger = logging.getLogger(__name__)


def alert(event: str, code: str) -> None:
    """Report that `event`, one of the above, happened because of `code`, one of `causes`."""
    cause = explain(code)
    logger.error("%s: %s. %s %s", event, code, cause.happened, cause.to_do)
    if first_this_hour(event, code, cause.happened):
        mail_admins(f"{event}: {code}", f"{cause.happened}\n{cause.to_do}\n", fail_silently=True)


def first_this_hour(event: str, code: str, message: str) -> bool:
    return first_within(QUIET, event, message, cause=code)
