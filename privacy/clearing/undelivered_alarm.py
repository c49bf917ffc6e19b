"""Alarm for leads that HubSpot has not confirmed and that will soon be scrubbed.

The scrub is a legal deadline and does not wait for delivery. After `DELIVERY_ALARM_DAYS` the alarm shows as a
log line every hour, a system log record and a mail once a day, a banner in the admin, and a metric.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from constance import config
from django.core.mail import mail_admins
from django.db.models import Count, DurationField, ExpressionWrapper, Min, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Assessment
from assessments.retention import retention_period
from privacy.datamap.sql_rules import needs_clearing
from privacy.datamap.tables import TABLES
from queues.alarms import first_within
from web.databases.unchanging import Given

EVENT = "hubspot_delivery_overdue"
QUIET = timedelta(days=1)
LATEST = 2 / 3  # of the retention, as an upper bound: a short retention must not silence the alarm
CAUSE = "unconfirmed"
GIVEN_AGE = Given("alarm_age", DurationField())
WHAT_TO_DO = "Open the sync queue in the admin: it says what each lead waits for, and sends it again."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AtRisk:
    """The number of unconfirmed leads past the alarm, and the days until the oldest is scrubbed."""

    leads: int
    days_left: int  # 0: due at the next scrub

    @classmethod
    def of(cls, leads: int, left: timedelta | None) -> "AtRisk":
        """Build from the number of leads and the time left for the oldest."""
        return cls(leads, max(0, -(-left // timedelta(days=1))) if left is not None else 0)

    @property
    def in_words(self) -> str:
        """The same for whoever looks, in their language."""
        when = {0: _("at the next scrub"), 1: _("within a day")}.get(self.days_left)
        when = when or _("in %(days)d days") % {"days": self.days_left}
        words = ngettext(
            "%(count)d lead is not confirmed by HubSpot; the oldest will be scrubbed %(when)s all the same.",
            "%(count)d leads are not confirmed by HubSpot; "
            "the oldest will be scrubbed %(when)s all the same.",
            self.leads,
        )
        return words % {"count": self.leads, "when": when}

    def __str__(self) -> str:
        who = "lead is" if self.leads == 1 else "leads are"
        days = {0: "at the next scrub", 1: "within a day"}.get(self.days_left, f"in {self.days_left} days")
        return (
            f"{self.leads} {who} not confirmed by HubSpot; the oldest will be scrubbed {days} all the same."
        )


def alarm_age() -> timedelta:
    """The age from which an unconfirmed lead raises the alarm."""
    return min(timedelta(days=config.DELIVERY_ALARM_DAYS), LATEST * retention_period())


def given_age() -> dict[str, timedelta]:
    return {"alarm_age": alarm_age()}


def unconfirmed_leads(age: timedelta | Given = GIVEN_AGE) -> QuerySet[Assessment]:
    """Return leads older than this that still have an address; scrubbed ones are already lost.

    Without an age for the banner, which asks for `given_age` each time.
    """
    email = needs_clearing("email", TABLES["assessments"].columns["email"])
    return Assessment.objects.unconfirmed().filter(email, created_at__lt=Now() - age)


def leads_at_risk() -> AtRisk:
    """Count the leads at risk now. One query."""
    left = ExpressionWrapper(Min("created_at") + retention_period() - Now(), DurationField())
    found = unconfirmed_leads(alarm_age()).aggregate(leads=Count("pk"), left=left)
    return AtRisk.of(found["leads"], found["left"])


def at_risk_since(leads: int, oldest: datetime) -> AtRisk:
    """Build from the number of unconfirmed leads and the creation time of the oldest."""
    return AtRisk.of(leads, oldest + retention_period() - timezone.now())


def raise_alarm() -> AtRisk:
    """Log, record and mail the alarm if any lead is at risk."""
    found = leads_at_risk()
    if found.leads:
        logger.error("%s: %s days_left=%s", EVENT, found, found.days_left)
        if first_within(QUIET, EVENT, str(found), cause=CAUSE, leads=found.leads, days_left=found.days_left):
            mail_admins(EVENT, f"{found}\n{WHAT_TO_DO}\n", fail_silently=True)
    return found
