"""Out of the queue: claim, work, record. The sweep is the claim itself, which finds what a dead worker left.

A lead takes three durable steps: contact, deal, association. Each is written down by the lease token
before the next begins, so a crash in between goes on where it was; a worker that lost its lease writes
nothing. No transaction is open while HubSpot is asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from celery.exceptions import SoftTimeLimitExceeded

from hubspot_sync import outcomes
from hubspot_sync.answers import ACCOUNT_CAUSES, BatchOutcome
from hubspot_sync.client import BatchInput, HubSpotClient
from hubspot_sync.errors import Misconfigured, Rejected, TryAgain
from hubspot_sync.leads import lead_of, newest_of_each_person
from hubspot_sync.mapping import (
    Destination,
    Lead,
    contact_properties,
    known_deal_properties,
    new_deal_properties,
)
from hubspot_sync.models import SyncQueueItem

BATCH = 100  # HubSpot's limit for one call


def deliver_batch(client: HubSpotClient, to: Destination) -> int:
    """Claim and deliver up to 100 due leads; how many were claimed.

    Raises TryAgain or Misconfigured after every claimed row was put back: no use going on now.
    """
    items = SyncQueueItem.objects.claim(BATCH)
    if items:
        Delivery(client, to, items).run()
    return len(items)


class Delivery:
    """One claimed batch on its way through the three steps.

    `open` holds the rows without an outcome yet, by trace. `stopper` is what is wrong with the account, where
    HubSpot said so of single rows: they wait, the others go on, and then the line stops.
    """

    def __init__(self, client: HubSpotClient, to: Destination, items: Iterable[SyncQueueItem]) -> None:
        self.client = client
        self.to = to
        self.open = {str(item.pk): item for item in items}
        self.leads: dict[str, Lead] = {}
        self.stopper: Misconfigured | None = None

    def run(self) -> None:
        try:
            self.read_leads()
            self.write_contacts()
            self.write_deals()
            self.associate()
        except TryAgain as error:
            outcomes.postponed(self.open.values(), error)
            raise
        except SoftTimeLimitExceeded:
            out_of_time = TryAgain("out_of_time")
            outcomes.postponed(self.open.values(), out_of_time)
            raise out_of_time from None
        except Misconfigured as error:
            outcomes.stopped(self.open.values(), error.cause)
            raise
        if self.stopper:
            raise self.stopper

    def read_leads(self) -> None:
        for trace, item in self.open.items():
            if lead := lead_of(item.assessment):
                self.leads[trace] = lead
        gone = [item for trace, item in self.open.items() if trace not in self.leads]
        outcomes.nothing_to_send(gone)
        self.settle(gone)

    def write_contacts(self) -> None:
        """One input for each person: rows with the same address share it, with the newest values."""
        rows: dict[str, list[SyncQueueItem]] = defaultdict(list)
        for trace, item in self.open.items():
            if not item.hubspot_contact_id:
                rows[self.leads[trace].email].append(item)
        people = newest_of_each_person([self.leads[str(item.pk)] for item in chain(*rows.values())])
        inputs = [
            BatchInput(str(items[0].pk), email, "email", contact_properties(people[email], self.to))
            for email, items in rows.items()
        ]
        by_trace = {str(items[0].pk): items for items in rows.values()}
        self.write("contacts", inputs, by_trace, step="hubspot_contact_id")
        self.finish([item for item in self.open.values() if not item.assessment.qualified_for_briefing])

    def write_deals(self) -> None:
        missing = {trace: item for trace, item in self.open.items() if not item.hubspot_deal_id}
        inputs = [self.deal_input(trace, item) for trace, item in missing.items()]
        by_trace = {trace: [item] for trace, item in missing.items()}
        self.write("deals", inputs, by_trace, step="hubspot_deal_id")

    def deal_input(self, trace: str, item: SyncQueueItem) -> BatchInput:
        properties = known_deal_properties if item.assessment.hubspot_deal_id else new_deal_properties
        lead = self.leads[trace]
        return BatchInput(trace, lead.key, self.to.deal_key, properties(lead, self.to))

    def associate(self) -> None:
        """Link every deal to its contact. What HubSpot does not confirm is no success."""
        items = list(self.open.values())
        linked = self.link([(item.hubspot_deal_id or "", item.hubspot_contact_id or "") for item in items])
        self.finish([item for item in items if (item.hubspot_deal_id, item.hubspot_contact_id) in linked])
        for item in list(self.open.values()):
            outcomes.attempt_failed(item, "association_refused")
            self.settle([item])

    def link(self, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """The pairs that are linked now; when HubSpot refuses them as a whole, halve."""
        if not pairs:
            return set()
        try:
            return self.client.associate(pairs)
        except Rejected:
            if len(pairs) == 1:
                return set()
            half = len(pairs) // 2
            return self.link(pairs[:half]) | self.link(pairs[half:])

    def write(
        self,
        kind: str,
        inputs: Sequence[BatchInput],
        rows: Mapping[str, Sequence[SyncQueueItem]],
        *,
        step: str,
    ) -> None:
        """Upsert the inputs; as answers come, make the step of their rows durable or settle them."""
        for sent, outcome in self.upsert(kind, inputs):
            noted = {row: id for trace, id in outcome.ids.items() for row in rows.get(trace, ())}
            ours = outcomes.note_step(step, noted)
            self.settle([row for row in noted if row not in ours])  # lost, or changed and sent round
            for one in sent:
                if one.trace not in outcome.ids:
                    self.turn_away(rows[one.trace], outcome.refusals.get(one.trace))

    def upsert(
        self, kind: str, inputs: Sequence[BatchInput]
    ) -> Iterator[tuple[Sequence[BatchInput], BatchOutcome]]:
        """Outcomes by part: when HubSpot refuses a batch as a whole, halve until the bad one stands alone."""
        if not inputs:
            return
        try:
            yield inputs, self.client.upsert(kind, inputs)
        except Rejected as error:
            if len(inputs) == 1:
                yield inputs, BatchOutcome({}, {inputs[0].trace: error.cause})
                return
            half = len(inputs) // 2
            yield from self.upsert(kind, inputs[:half])
            yield from self.upsert(kind, inputs[half:])

    def turn_away(self, items: Sequence[SyncQueueItem], cause: str | None) -> None:
        """Settle rows that HubSpot did not take. `cause` is None when it said nothing about them."""
        if cause is None:
            for item in items:
                outcomes.attempt_failed(item, "no_answer_for_input")
        elif cause in ACCOUNT_CAUSES:
            self.stopper = Misconfigured(cause)
            outcomes.stopped(items, cause)
        else:
            outcomes.refused(items, cause or "refused")
        self.settle(items)

    def finish(self, items: Sequence[SyncQueueItem]) -> None:
        outcomes.delivered(items)
        self.settle(items)

    def settle(self, items: Iterable[SyncQueueItem]) -> None:
        for item in items:
            del self.open[str(item.pk)]
