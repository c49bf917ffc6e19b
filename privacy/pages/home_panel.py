"""The first page of the privacy officer: what is due, the last scrub, and who looked at whom."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpRequest

from hubspot_sync.models import ErasureStatus, HubSpotErasure
from leads.models import LeadEvent
from privacy.models import ScrubCertificate
from privacy.requests.erasure_status import DUE

LATEST_EVENTS = 5


def home_panel(now: datetime, request: HttpRequest | None = None) -> dict[str, Any]:
    """{erasures, failed, due, overdue, certificate, events}. Three queries.

    `due` is when the oldest erasure that HubSpot has not confirmed must be answered: one month after it was
    asked for, GDPR Art. 12(3).
    """
    waiting = HubSpotErasure.objects.exclude(status=ErasureStatus.DONE)
    found = waiting.order_by().aggregate(
        erasures=Count("pk"),
        failed=Count("pk", filter=Q(status=ErasureStatus.FAILED)),
        oldest=Min("erasure__erased_at"),
    )
    due = found["oldest"] + DUE if found["oldest"] else None
    return {
        "erasures": found["erasures"],
        "failed": found["failed"],
        "due": due,
        "overdue": bool(due and due < now),
        "certificate": ScrubCertificate.objects.sealed().last(),
        "events": LeadEvent.objects.select_related("actor").defer("detail", "value")[:LATEST_EVENTS],
    }
