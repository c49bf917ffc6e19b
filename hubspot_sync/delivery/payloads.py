"""What to write to which record, and for which rows: several rows of one person share a parcel.

A record that HubSpot made for us is known by its id, whatever address it has by now; any other contact by its
address, any other deal by our key: docs/hubspot.md, "Who is who".
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hubspot_sync.delivery.lead_reader import address_changed, completion_order, newest_by_person
from hubspot_sync.delivery.mapping import (
    Destination,
    LeadValues,
    contact_properties,
    known_deal_properties,
    new_deal_properties,
)
from hubspot_sync.http.client import BatchInput
from hubspot_sync.models import SyncQueueItem

Rows = Iterable[SyncQueueItem]


@dataclass(frozen=True, slots=True)
class Payload:
    """One record to write and the rows that are delivered with it."""

    input: BatchInput
    rows: Sequence[SyncQueueItem]


class BatchPayloads:
    """Parcels out of the leads of claimed rows, by the id of their row."""

    def __init__(self, leads: Mapping[str, LeadValues], to: Destination) -> None:
        self.leads = leads
        self.to = to
        self.newest = newest_by_person(leads.values())

    def lead(self, row: SyncQueueItem) -> LeadValues:
        return self.leads[str(row.pk)]

    def known_contacts(self, rows: Rows) -> Iterator[Payload]:
        """By id. The address is told only when it changed here: sales may have mended theirs."""
        for id, together in self.together(rows, lambda lead: lead.contact_id or ""):
            properties = self.newest_properties(together)
            del properties["email"]
            for lead in sorted(filter(address_changed, map(self.lead, together)), key=completion_order):
                properties["email"] = lead.email
            yield Payload(BatchInput(str(together[0].pk), id, "", properties), together)

    def contacts(self, rows: Rows) -> Iterator[Payload]:
        """By address, made where there are none."""
        for email, together in self.together(rows, lambda lead: lead.email):
            properties = self.newest_properties(together) | {"email": email}
            yield Payload(BatchInput(str(together[0].pk), email, "email", properties), together)

    def holders(self, rows: Rows) -> Iterator[Payload]:
        """By an address that a contact has beside its first one: told as `email`, it would be refused."""
        for email, together in self.together(rows, lambda lead: lead.email):
            properties = self.newest_properties(together)
            del properties["email"]
            yield Payload(BatchInput(str(together[0].pk), email, "email", properties), together)

    def known_deals(self, rows: Rows) -> Iterator[Payload]:
        """By id. Stage, amount and date belong to sales by now."""
        for row in rows:
            lead = self.lead(row)
            properties = known_deal_properties(lead, self.to)
            yield Payload(BatchInput(str(row.pk), lead.deal_id or "", "", properties), [row])

    def deals(self, rows: Rows) -> Iterator[Payload]:
        """By our key, made where there are none."""
        for row in rows:
            lead = self.lead(row)
            properties = new_deal_properties(lead, self.to)
            yield Payload(BatchInput(str(row.pk), lead.key, self.to.deal_key, properties), [row])

    def together(
        self, rows: Rows, key: Callable[[LeadValues], str]
    ) -> Iterable[tuple[str, list[SyncQueueItem]]]:
        groups: dict[str, list[SyncQueueItem]] = defaultdict(list)
        for row in rows:
            groups[key(self.lead(row))].append(row)
        return groups.items()

    def newest_properties(self, rows: Sequence[SyncQueueItem]) -> dict[str, str]:
        own = self.lead(rows[0])
        newest = max((self.newest(self.lead(row)) for row in rows), key=completion_order)
        return contact_properties(own if own.objects else replace(newest, consents=own.consents), self.to)
