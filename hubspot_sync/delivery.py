"""Out of the queue: claim, work, record. The sweep is the claim itself, which finds what a dead worker left.

A lead takes three durable steps: contact, deal, association. Each is written down by the lease token
before the next begins, so a crash in between goes on where it was; a worker that lost its lease writes
nothing. No transaction is open while HubSpot is asked.
"""

import logging
from collections.abc import Sequence

from hubspot_sync import outcomes
from hubspot_sync.client import BatchInput, BatchOutcome, HubSpotClient
from hubspot_sync.errors import Misconfigured, Rejected, TryAgain
from hubspot_sync.leads import lead_of
from hubspot_sync.mapping import (
    Destination,
    Lead,
    contact_properties,
    known_deal_properties,
    new_deal_properties,
)
from hubspot_sync.models import SyncQueueItem

BATCH = 100  # HubSpot's limit for one call

logger = logging.getLogger(__name__)


def deliver_batch(client: HubSpotClient, to: Destination) -> int:
    """Claim and deliver up to 100 due leads; how many were claimed.

    Raises TryAgain or Misconfigured after every claimed row was put back: no use going on now.
    """
    items = SyncQueueItem.objects.claim(BATCH)
    if items:
        Delivery(client, to, items).run()
    return len(items)


class Delivery:
    """One claimed batch on its way through the three steps. `open` holds the rows without an outcome yet."""

    def __init__(self, client: HubSpotClient, to: Destination, items: Sequence[SyncQueueItem]) -> None:
        self.client = client
        self.to = to
        self.open = list(items)
        self.leads: dict[str, Lead] = {}

    def run(self) -> None:
        try:
            self.read_leads()
            self.write_contacts()
            self.write_deals()
            self.associate()
        except TryAgain as error:
            for item in self.open:
                outcomes.postponed(item, error)
            raise
        except Misconfigured as error:
            outcomes.stopped(self.open, error.cause)
            raise

    def read_leads(self) -> None:
        for item in list(self.open):
            if lead := lead_of(item.assessment):
                self.leads[str(item.pk)] = lead
            else:
                self.settle(item)
                outcomes.nothing_to_send(item)

    def write_contacts(self) -> None:
        """One input for each person: rows with the same address share it, the newest result wins."""
        missing = [item for item in self.open if not item.hubspot_contact_id]
        newest = {self.lead(item).email: item for item in sorted(missing, key=self.completed_at)}
        outcome = self.upsert(
            "contacts",
            [
                BatchInput(str(item.pk), email, "email", contact_properties(self.lead(item), self.to))
                for email, item in newest.items()
            ],
        )
        for item in missing:
            trace = str(newest[self.lead(item).email].pk)
            self.record(item, outcome, trace, step="hubspot_contact_id")
        for item in list(self.open):
            if not self.wants_deal(item):
                self.finish(item)

    def write_deals(self) -> None:
        missing = [item for item in self.open if not item.hubspot_deal_id]
        outcome = self.upsert("deals", [self.deal_input(item) for item in missing])
        for item in missing:
            self.record(item, outcome, str(item.pk), step="hubspot_deal_id")

    def deal_input(self, item: SyncQueueItem) -> BatchInput:
        properties = known_deal_properties if item.assessment.hubspot_deal_id else new_deal_properties
        lead = self.lead(item)
        return BatchInput(str(item.pk), lead.key, self.to.deal_key, properties(lead, self.to))

    def associate(self) -> None:
        """Link every deal to its contact. If HubSpot refuses the batch, each pair stands alone."""
        try:
            self.link(self.open)
        except Rejected:
            for item in list(self.open):
                try:
                    self.link([item])
                except Rejected as error:
                    self.settle(item)
                    outcomes.attempt_failed(item, error.cause)
        for item in list(self.open):
            self.finish(item)

    def link(self, items: Sequence[SyncQueueItem]) -> None:
        pairs = [(item.hubspot_deal_id or "", item.hubspot_contact_id or "") for item in items]
        if pairs:
            self.client.associate(pairs)

    def upsert(self, kind: str, inputs: Sequence[BatchInput]) -> BatchOutcome:
        """Write the inputs; when HubSpot refuses them as a whole, halve until the bad one stands alone."""
        if not inputs:
            return BatchOutcome({}, {})
        try:
            return self.client.upsert(kind, inputs)
        except Rejected as error:
            if len(inputs) == 1:
                return BatchOutcome({}, {inputs[0].trace: error.cause})
            half = len(inputs) // 2
            first, second = self.upsert(kind, inputs[:half]), self.upsert(kind, inputs[half:])
            return BatchOutcome({**first.ids, **second.ids}, {**first.refusals, **second.refusals})

    def record(self, item: SyncQueueItem, outcome: BatchOutcome, trace: str, *, step: str) -> None:
        """Make the step durable, or settle the row. An input without an answer is no success."""
        if trace in outcome.ids:
            if not outcomes.note_step(item, **{step: outcome.ids[trace]}):
                self.settle(item)  # the lease ran out: whoever holds it now goes on
            return
        self.settle(item)
        if trace in outcome.refusals:
            outcomes.refused(item, outcome.refusals[trace])
        else:
            outcomes.attempt_failed(item, "no_answer_for_input")

    def finish(self, item: SyncQueueItem) -> None:
        self.settle(item)
        outcomes.delivered(item)

    def settle(self, item: SyncQueueItem) -> None:
        self.open.remove(item)

    def lead(self, item: SyncQueueItem) -> Lead:
        return self.leads[str(item.pk)]

    def completed_at(self, item: SyncQueueItem) -> tuple[object, str]:
        return self.lead(item).completed_at, str(item.pk)

    def wants_deal(self, item: SyncQueueItem) -> bool:
        return item.assessment.qualified_for_briefing
