"""What a person must hear of: a log line each time; a record and a mail once an hour for each cause.

An event, a cause and the names of scopes are all it says. Who is concerned is in the queue.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.core.mail import mail_admins
from django.db import connection, transaction
from django.db.models.functions import Now

from audit.models import SystemLog

LEAD_FAILED = "hubspot_lead_failed"
NOT_AUTHORISED = "hubspot_not_authorised"
MISCONFIGURED = "hubspot_misconfigured"
QUOTA_USED_UP = "hubspot_daily_quota_used_up"

WHAT_TO_DO = {
    LEAD_FAILED: "Leads could not be delivered to HubSpot. Open the sync queue, mend the cause and resend.",
    NOT_AUTHORISED: "HubSpot refuses our token, so leads wait. Check HUBSPOT_TOKEN and its scopes.",
    MISCONFIGURED: "The HubSpot account lacks something, so leads wait. Run: manage.py hubspot_setup",
    QUOTA_USED_UP: "HubSpot takes no more calls today. Leads wait until midnight in the account's time zone.",
}
QUIET = timedelta(hours=1)

logger = logging.getLogger(__name__)


def alert(event: str, cause: str, *, scopes: Sequence[str] = ()) -> None:
    """Tell that `event` (one of the above) happened, because of `cause`, a code of ours."""
    detail = f"{cause}, missing scopes: {', '.join(scopes)}" if scopes else cause
    logger.error("%s: %s. %s", event, detail, WHAT_TO_DO[event])
    if first_this_hour(event, cause, scopes):
        mail_admins(f"{event}: {detail}", WHAT_TO_DO[event], fail_silently=True)


def first_this_hour(event: str, cause: str, scopes: Sequence[str]) -> bool:
    """Record it, unless that was done within the hour: true for one worker, however many come at once."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{event} {cause}"])
        told = SystemLog.objects.filter(event_type=event, data__cause=cause, created_at__gt=Now() - QUIET)
        if told.exists():
            return False
        SystemLog.objects.record(event, WHAT_TO_DO[event], cause=cause, scopes=list(scopes))
        return True
