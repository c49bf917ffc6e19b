"""A synthetic lead that tests an account: it is created, updated, associated and removed again.

It takes the same path as a real lead: the same mapping, calls and response parsing. Its address is random and
under a reserved domain, so it cannot belong to a real contact.
"""

import uuid
from dataclasses import replace
from datetime import datetime

from hubspot_sync.delivery.mapping import (
    Destination,
    LeadValues,
    contact_properties,
    known_deal_properties,
    new_deal_properties,
)
from hubspot_sync.http.client import BatchInput, HubSpotClient
from hubspot_sync.http.errors import Rejected
from hubspot_sync.http.responses import BatchOutcome


class ProbeLead:
    """Create, update and remove one synthetic lead.

    Every step raises TryAgain, Rejected or Misconfigured; `remove` may be called after any of them.
    """

    def __init__(self, client: HubSpotClient, to: Destination, now: datetime) -> None:
        self.client = client
        self.to = to
        key = uuid.uuid4()
        self.lead = LeadValues(
            key=str(key),
            email=f"hubspot-check-{key.hex}@example.com",
            first_name="Test",
            last_name="Lead",
            company="HubSpot check",
            phone=None,
            total_score=50,
            areas=dict.fromkeys(to.area_properties, 50),
            category="risk_zone",
            quality="executive_briefing_qualified",
            completed_at=now,
            completion_seconds=480,
        )

    def create(self) -> None:
        lead, to = self.lead, self.to
        contact = BatchInput("contact", lead.email, "email", contact_properties(lead, to))
        deal = BatchInput("deal", lead.key, to.deal_key, new_deal_properties(lead, to))
        contact_id = written_id(self.client.upsert("contacts", [contact]), "contact")
        deal_id = written_id(self.client.upsert("deals", [deal]), "deal")
        self.lead = replace(lead, contact_id=contact_id, deal_id=deal_id)

    def change(self) -> None:
        lead, to = replace(self.lead, company="HubSpot check, changed"), self.to
        contact = BatchInput("contact", lead.contact_id or "", "", contact_properties(lead, to))
        deal = BatchInput("deal", lead.deal_id or "", "", known_deal_properties(lead, to))
        written_id(self.client.update("contacts", [contact]), "contact")
        written_id(self.client.update("deals", [deal]), "deal")

    def link(self) -> None:
        pair = (self.lead.deal_id or "", self.lead.contact_id or "")
        if pair not in self.client.associate([pair]):
            raise Rejected("association_refused")

    def remove(self) -> None:
        """Archive the records, found by unique properties: a write may have succeeded unanswered."""
        for kind, value, name in (
            ("deals", self.lead.key, self.to.deal_key),
            ("contacts", self.lead.email, "email"),
        ):
            if ids := [record.id for record in self.client.read(kind, [value], [], id_property=name)]:
                self.client.archive(kind, ids)


def written_id(outcome: BatchOutcome, trace: str) -> str:
    """The id of the written record; raises Rejected with the cause, also when HubSpot reported none."""
    if trace not in outcome.ids:
        raise Rejected(outcome.refusals.get(trace) or "no_answer_for_input")
    return outcome.ids[trace]
