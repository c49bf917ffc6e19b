"""Build the payloads for deals: known ones by id, the others by our unique deal key."""

from collections.abc import Iterable, Mapping

from hubspot_sync.delivery.contacts import MADE_AGAIN, Payload
from hubspot_sync.delivery.mapping import (
    Destination,
    LeadValues,
    known_deal_properties,
    new_deal_properties,
)
from hubspot_sync.http.client import BatchInput
from hubspot_sync.models import SyncQueueItem


def known_deals(
    rows: Iterable[SyncQueueItem], leads: Mapping[str, LeadValues], to: Destination
) -> list[Payload]:
    """Update by id, leaving stage, amount and date to sales."""
    payloads = []
    for row in rows:
        lead = leads[str(row.pk)]
        properties = known_deal_properties(lead, to)
        payloads.append(Payload(BatchInput(str(row.pk), lead.deal_id or "", "", properties), [row]))
    return payloads


def new_deals(
    rows: Iterable[SyncQueueItem], leads: Mapping[str, LeadValues], to: Destination
) -> list[Payload]:
    """Upsert by our unique key: a deal is created if there is none."""
    payloads = []
    for row in rows:
        lead = leads[str(row.pk)]
        note = MADE_AGAIN if lead.deal_id else ""
        properties = new_deal_properties(lead, to)
        payloads.append(Payload(BatchInput(str(row.pk), lead.key, to.deal_key, properties), [row], note))
    return payloads
