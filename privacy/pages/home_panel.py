"""The first page of the privacy officer: what is due, the last scrub, and who looked at whom."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest

from hubspot_sync.models import ErasureStatus, HubSpotErasure
from leads.models import LeadEvent
from privacy.models import ScrubCertificate
from privacy.requests.erasure_status import DUE
from web.databases.unchanging import Unchanging

LATEST_EVENTS = 5
ERASURES = Unchanging(  # that HubSpot has not confirmed
    lambda: (
        HubSpotErasure.objects.exclude(status=ErasureStatus.DONE)
        .order_by()
        .values_list("status")
        .annotate(count=Count("pk"), oldest=Min("erasure__erased_at"))
    )
)


def home_panel(now: datetime, request: HttpRequest | None = None) -> dict[str, Any]:
    """{erasures, failed, due, overdue, certificate, events}. Three queries.

    `due` is when the oldest erasure that HubSpot has not confirmed must be answered: one month after it was
    asked for, GDPR Art. 12(3).
    """
    open_ones = ERASURES.rows()
    due = min((oldest + DUE for *_, oldest in open_ones), default=None)
    return {
        "erasures": sum(count for _, count, _ in open_ones),
        "failed": sum(count for status, count, _ in open_ones if status == ErasureStatus.FAILED),
        "due": due,
        "overdue": bool(due and due < now),
        "certificate": ScrubCertificate.objects.sealed().last(),
        "events": LeadEvent.objects.select_related("actor").defer("detail", "value")[:LATEST_EVENTS],
    }
