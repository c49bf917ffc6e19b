"""Out of the queue: claim, work, record. The sweep is the claim itself, which finds what a dead worker left.

A lead takes three durable steps: contact, deal, association. Each is written down by the lease token
before the next begins, so a crash in between goes on where it was; a worker that lost its lease writes
nothing. No transaction is open while HubSpot is asked.

A record that HubSpot made for us is changed by its id, whatever its address is by now; a new one, or one that
is gone, is upserted by what is unique. Who is who: docs/hubspot.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded

from assessments.models import Assessment
from hubspot_sync.delivery import recording
from hubspot_sync.delivery.bisect import Send, send_bisecting
from hubspot_sync.delivery.lead_reader import hubspot_address_hash, read_leads
from hubspot_sync.delivery.mapping import Destination
from hubspot_sync.delivery.payloads import BatchPayloads, Payload
from hubspot_sync.http.client import FIRST_PATIENCE, PATIENCE, HubSpotClient
from hubspot_sync.http.errors import Misconfigured, Rejected, TryAgain
from hubspot_sync.http.responses import ACCOUNT_CAUSES, GONE, TAKEN_CAUSES
from hubspot_sync.models import SyncQueueItem

BATCH = 100  # HubSpot's limit for one call
STEPS = {"contacts": "hubspot_contact_id", "deals": "hubspot_deal_id"}

# What a delivered row says when its lead did not arrive where it was known to be.
MADE_AGAIN = "made_again"  # its record was gone in HubSpot
OTHER_CONTACT = "address_of_another_contact"  # that one is used now; the one before stays as it is
SECOND_ADDRESS = "second_address"  # the contact was found by another than its first address

REFUSED = "validation_error"  # without a word about any property
ERASED = "erased_in_hubspot"  # its contact is gone and HubSpot will not have the person again


def deliver_batch(client: HubSpotClient, to: Destination, *, limit: int = BATCH) -> int:
    """Claim and deliver up to `limit` due leads; how many were claimed.

    Raises TryAgain or Misconfigured after every claimed row was put back: no use going on now.
    """
    items = SyncQueueItem.objects.claim(limit)
    if items:
        BatchDelivery(client, to, items).run()
    return len(items)


class BatchDelivery:
    """One claimed batch on its way through the three steps.

    `open` holds the rows without an outcome yet, by trace. `stopper` is what is wrong with the account, where
    HubSpot said so of single rows: they wait, the others go on, and then the line stops. `notes` say by row
    why a lead did not arrive where it was known to be.
    """

    def __init__(self, client: HubSpotClient, to: Destination, items: Iterable[SyncQueueItem]) -> None:
        self.client = client
        self.client.patience = FIRST_PATIENCE
        self.to = to
        self.open = {str(item.pk): item for item in items}
        self.notes: dict[UUID, str] = {}
        self.stopper: Misconfigured | None = None

    def run(self) -> None:
        try:
            self.read_leads()
            self.write_contacts()
            self.write_deals()
            self.associate()
        except TryAgain as error:
            recording.record_outage(self.open.values(), error)
            raise
        except SoftTimeLimitExceeded:
            out_of_time = TryAgain("out_of_time")
            recording.record_outage(self.open.values(), out_of_time)
            raise out_of_time from None
        except Misconfigured as error:
            recording.record_misconfigured(self.open.values(), error)
            raise
        if self.stopper:
            raise self.stopper

    def read_leads(self) -> None:
        runs = Assessment.objects.in_bulk([item.assessment_id for item in self.open.values()])
        purged = [item for item in self.open.values() if item.assessment_id not in runs]
        self.settle(purged)
        for item in self.open.values():
            item.assessment = runs[item.assessment_id]
        found = read_leads(runs.values())
        gone = [item for item in self.open.values() if item.assessment_id not in found]
        recording.record_nothing_to_send(gone)
        self.settle(gone)
        leads = {trace: found[item.assessment_id] for trace, item in self.open.items()}
        self.packing = BatchPayloads(leads, self.to)

    def write_contacts(self) -> None:
        """Known ones by id. New ones by address, and those that are gone or whose address another has."""
        rows = [item for item in self.open.values() if not item.hubspot_contact_id]
        known = [row for row in rows if row.assessment.hubspot_contact_id]
        unknown = [row for row in rows if not row.assessment.hubspot_contact_id]
        for row in rows:
            row.assessment.hubspot_address_hash = hubspot_address_hash(self.packing.lead(row))
        passed = {GONE: MADE_AGAIN} | dict.fromkeys(TAKEN_CAUSES, OTHER_CONTACT)
        left = self.write("contacts", self.client.update, self.packing.known_contacts(known), passed)
        unknown += self.without_objections(left)
        passed = dict.fromkeys(TAKEN_CAUSES, SECOND_ADDRESS)
        unknown = self.write("contacts", self.client.upsert, self.packing.contacts(unknown), passed)
        self.write("contacts", self.client.upsert, self.packing.holders(unknown), {})
        self.finish([item for item in self.open.values() if not self.needs_deal(item)])

    def needs_deal(self, item: SyncQueueItem) -> bool:
        return item.assessment.qualified_for_briefing and not self.packing.lead(item).objects

    def without_objections(self, rows: list[SyncQueueItem]) -> list[SyncQueueItem]:
        """Nobody is made anew in HubSpot who objects to being contacted."""
        objecting = [row for row in rows if self.packing.lead(row).objects]
        recording.record_nothing_to_send(objecting)
        self.settle(objecting)
        return [row for row in rows if row not in objecting]

    def write_deals(self) -> None:
        rows = [item for item in self.open.values() if not item.hubspot_deal_id]
        known = [row for row in rows if row.assessment.hubspot_deal_id]
        unknown = [row for row in rows if not row.assessment.hubspot_deal_id]
        passed = {GONE: MADE_AGAIN}
        unknown += self.write("deals", self.client.update, self.packing.known_deals(known), passed)
        self.write("deals", self.client.upsert, self.packing.deals(unknown), {})

    def associate(self) -> None:
        """Link every deal to its contact. What HubSpot does not confirm is no success."""
        items = list(self.open.values())
        linked = self.link([(item.hubspot_deal_id or "", item.hubspot_contact_id or "") for item in items])
        self.finish([item for item in items if (item.hubspot_deal_id, item.hubspot_contact_id) in linked])
        for item in list(self.open.values()):
            recording.record_failed_attempt(item, "association_refused", self.client.correlation_id)
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
        self, kind: str, send: Send, parcels: Iterable[Payload], passed: Mapping[str, str]
    ) -> list[SyncQueueItem]:
        """Send; as answers come, make the step of their rows durable or settle them.

        Rows that were refused for a cause in `passed` are left as they are and returned: there is another way
        for them, and `passed` says what to note when they arrive by it.
        """
        packed = {parcel.input.trace: parcel for parcel in parcels}
        left: list[SyncQueueItem] = []
        for sent, outcome in send_bisecting(send, kind, [parcel.input for parcel in packed.values()]):
            self.note(
                STEPS[kind], {row: id for trace, id in outcome.ids.items() for row in packed[trace].rows}
            )
            for trace in {one.trace for one in sent} - outcome.ids.keys():
                rows, cause = packed[trace].rows, outcome.refusals.get(trace)
                if cause and cause in passed:
                    left += rows
                    self.notes |= {row.pk: passed[cause] for row in rows if row.pk not in self.notes}
                else:
                    self.turn_away(rows, cause)
        return left

    def note(self, step: str, ids: Mapping[SyncQueueItem, str]) -> None:
        ours = recording.record_step(step, ids)
        self.client.patience = PATIENCE
        self.settle([row for row in ids if row not in ours])  # lost, or changed and sent round

    def turn_away(self, rows: Sequence[SyncQueueItem], cause: str | None) -> None:
        """Settle rows that HubSpot did not take. `cause` is None when it said nothing about them."""
        correlation = self.client.correlation_id
        if cause is None:
            for row in rows:
                recording.record_failed_attempt(row, "no_answer_for_input", correlation)
        elif cause in ACCOUNT_CAUSES:
            self.stopper = Misconfigured(cause, correlation)
            recording.record_misconfigured(rows, self.stopper)
        else:
            erased = cause == REFUSED and self.notes.get(rows[0].pk) == MADE_AGAIN
            recording.record_rejected(rows, ERASED if erased else cause or "refused", correlation)
        self.settle(rows)

    def finish(self, items: Sequence[SyncQueueItem]) -> None:
        recording.record_delivered(items, self.client.correlation_id, self.notes)
        self.settle(items)

    def settle(self, items: Iterable[SyncQueueItem]) -> None:
        for item in items:
            del self.open[str(item.pk)]
