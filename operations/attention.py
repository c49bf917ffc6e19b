"""What needs a person, of all queues, in one statement for each page of the admin."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone

from hubspot_sync.models import HubSpotErasure, SyncQueueItem
from mailings.models import Mail
from privacy.clearing.undelivered_alarm import AtRisk, lead_retention, unconfirmed_leads

LEADS, MAILS, ERASURES, UNCONFIRMED = "leads", "mails", "erasures", "unconfirmed"


@dataclass(frozen=True, slots=True)
class Attention:
    """Rows that need a person, by queue, and the leads that will be scrubbed before HubSpot has them."""

    rows: dict[str, int]
    oldest: dict[str, datetime]

    def __getitem__(self, queue: str) -> int:
        return self.rows.get(queue, 0)

    @property
    def at_risk(self) -> AtRisk:
        oldest = self.oldest.get(UNCONFIRMED)
        left = oldest + lead_retention() - timezone.now() if oldest else None
        return AtRisk.of(self[UNCONFIRMED], left)


def attention(request: HttpRequest) -> Attention:
    """As things are now: one query for each request, whoever asks first."""
    found: Attention | None = getattr(request, "_attention", None)
    if found is None:
        found = look()
        request._attention = found  # type: ignore[attr-defined]  # kept beside it
    return found


def look() -> Attention:
    """One query."""
    found = list(
        counted(LEADS, SyncQueueItem.objects.need_a_person()).union(
            counted(MAILS, Mail.objects.need_a_person()),
            counted(ERASURES, HubSpotErasure.objects.need_a_person()),
            counted(UNCONFIRMED, unconfirmed_leads()),
            all=True,
        )
    )
    return Attention({name: rows for name, rows, _ in found}, {name: oldest for name, _, oldest in found})


def counted(name: str, rows: QuerySet[Any]) -> Any:
    """One row (name, how many, since when); none where there are no rows."""
    grouped = rows.order_by().values(queue=Value(name))
    counted = grouped.annotate(rows=Count("pk"), oldest=Min("created_at"))
    return counted.values_list("queue", "rows", "oldest")
