"""The progress of an erasure, system by system, for the person who requested it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from assessments.models import SuppressedAddress
from hubspot_sync.causes import BY_HAND
from hubspot_sync.models import ErasureStatus, HubSpotErasure

DUE = timedelta(days=30)  # one month, GDPR Art. 12(3)


@dataclass(frozen=True, slots=True)
class SystemStatus:
    """The progress of one system: what it has done. `done` is the time it finished, None while pending."""

    system: str
    words: str
    done: datetime | None


def answer_due(line: SuppressedAddress) -> datetime:
    return line.erased_at + DUE


def status_by_system(line: SuppressedAddress) -> list[SystemStatus]:
    """Return the status of this database, HubSpot and the mail server."""
    return [
        SystemStatus(
            _("This site"),
            _("Your personal data is erased. Score and answers remain, with no link to you."),
            line.erased_at,
        ),
        hubspot_status(line),
        SystemStatus(
            _("Mail"),
            _("We will send nothing more. What we sent before is in your inbox."),
            line.erased_at,
        ),
    ]


def hubspot_status(line: SuppressedAddress) -> SystemStatus:
    told = HubSpotErasure.objects.filter(erasure=line, created_at__gte=line.erased_at)
    rows = list(told.defer("address"))  # the encryption key of the address may be lost
    if any(row.status == ErasureStatus.FAILED for row in rows):
        return SystemStatus("HubSpot", _("HubSpot refused. Someone on our team is taking care of it."), None)
    if open_ones := [row for row in rows if row.status != ErasureStatus.DONE]:
        tried = any(row.failure_cause for row in open_ones)
        asking, waiting = (
            _("We are asking HubSpot now."),
            _("HubSpot is not answering at the moment. We keep trying."),
        )
        words = waiting if tried else asking
        return SystemStatus("HubSpot", words, None)
    done = max((row.done_at for row in rows if row.done_at), default=line.erased_at)
    if any(row.failure_cause == BY_HAND for row in rows):
        return SystemStatus(
            "HubSpot", _("One of our team has erased your data in our customer system."), done
        )
    return SystemStatus(
        "HubSpot", _("Our customer system has erased your data and blocks your address."), done
    )
