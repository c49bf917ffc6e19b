"""The state of delivery in sentences, shown above the queue in the admin."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from constance import config
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hubspot_sync.causes import explain
from hubspot_sync.http.availability import Availability, availability
from hubspot_sync.models import QueueStatus
from hubspot_sync.status import backlog
from hubspot_sync.status.backlog import UndeliveredGroup
from hubspot_sync.status.comparison import in_words
from web.formatting import duration_in_words, time_ago

LATE = timedelta(hours=1)  # a due row is sent within seconds; by then twice the longest backoff has passed
OLD = timedelta(days=2)  # since the last run: one night was missed


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """`compared` is the last run with its counts, or None; `off` says why delivery is off, if it is."""

    now: datetime
    undelivered: tuple[UndeliveredGroup, ...]
    overdue: timedelta
    availability: Availability
    compared: Any
    off: str = ""

    @property
    def calm(self) -> bool:
        """Whether nothing is urgent; differences left to decide are reported but do not count."""
        stuck = any(group.cause for group in self.undelivered) or self.overdue >= LATE
        return not (stuck or self.off or self._compared_long_ago) and self.availability.open

    @property
    def waiting(self) -> str:
        rows = sum(group.rows for group in self.undelivered if group.state != QueueStatus.FAILED)
        words = ngettext("%(count)d lead is on the way.", "%(count)d leads are on the way.", rows)
        return words % {"count": rows} if rows else _("Nothing waits.")

    @property
    def oldest(self) -> str:
        if self.overdue < timedelta(minutes=1):
            waited = max(
                (group.oldest for group in self.undelivered if not group.failed), default=timedelta()
            )
            if waited >= LATE:
                return _("The oldest waiting lead came %(when)s; its next try is not due yet.") % {
                    "when": time_ago(waited)
                }
            needs_a_person = any(group.failed for group in self.undelivered)
            return _("No other lead is overdue.") if needs_a_person else _("No lead is overdue.")
        duration = duration_in_words(self.overdue)
        return _("The oldest due lead has been due for %(duration)s.") % {"duration": duration}

    @property
    def circuit(self) -> str:
        """Whether calls are allowed, by circuit breaker and limiter."""
        if not self.availability.known:
            return _("Redis does not answer: state unknown of what holds calls to HubSpot back.")
        return " ".join(filter(None, (self._breaker, self._limiter))) or _("Calls to HubSpot go through.")

    @property
    def comparison(self) -> str:
        if self.compared is None:
            return _("Nothing was compared with HubSpot yet.")
        run = self.compared
        values = {"when": time_ago(self.now - run.finished_at), "words": in_words(run)}
        return _("Compared with HubSpot %(when)s: %(words)s.") % values

    @property
    def _breaker(self) -> str:
        opened = self.availability.opened
        if opened is None:
            return ""
        head, _space, scopes = opened.cause.partition(" ")
        words = _("Calls to HubSpot were stopped %(when)s: %(why)s") % {
            "when": time_ago(self.now - opened.since),
            "why": explain(head, _).happened,
        }
        missing = _("Missing: %(value)s.") % {"value": scopes} if scopes else ""
        return " ".join(filter(None, (words, missing, _("One lead a minute asks whether it works again."))))

    @property
    def _limiter(self) -> str:
        if not self.availability.closed_for:
            return ""
        left = timedelta(seconds=self.availability.closed_for)
        if left < timedelta(minutes=1):
            return _("HubSpot's limit is reached: no calls for another minute.")
        words = _("HubSpot's limit is reached: no calls for another %(duration)s.")
        return words % {"duration": duration_in_words(left)}

    @property
    def _compared_long_ago(self) -> bool:
        return bool(self.compared and self.now - self.compared.finished_at >= OLD)


def delivery_status(now: datetime) -> DeliveryStatus:
    """The current status: three queries, and Redis queried twice at most."""
    return DeliveryStatus(
        now=now,
        undelivered=backlog.undelivered_by_cause(),
        overdue=backlog.longest_overdue(),
        availability=availability(),
        compared=backlog.last_reconciliation(),
        off=switched_off_because(),
    )


def switched_off_because() -> str:
    if not config.HUBSPOT_SYNC_ENABLED:
        return _("Sending is switched off by HUBSPOT_SYNC_ENABLED: leads wait.")
    return "" if settings.HUBSPOT_TOKEN else _("HUBSPOT_TOKEN is not set: leads wait.")
