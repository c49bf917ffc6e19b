"""Deliver queued leads in batches: claim, send, record the outcome.

There is no separate sweep: a claim also picks up rows whose lease has expired. A lead takes three durable
steps: contact, deal, association. Each is recorded under the lease token before the next begins, so after a
crash the next worker resumes there; a worker that lost its lease writes nothing. No transaction is open
during a call to HubSpot. Which record a lead is written to: docs/hubspot.md, "Who is who".
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from celery.exceptions import SoftTimeLimitExceeded

from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from hubspot_sync.delivery import recording
from hubspot_sync.delivery.bisect import Send, send_bisecting
from hubspot_sync.delivery.contacts import (
    MADE_AGAIN,
    ContactPayloads,
    HeldContacts,
    Payload,
    addresses_of,
    merged_ids,
)
from hubspot_sync.delivery.deals import known_deals, new_deals
from hubspot_sync.delivery.emptied import archive_contacts, emptied_leads
from hubspot_sync.delivery.lead_reader import (
    all_leads,
    hubspot_address_hash,
    newest_by_person,
    shared_contacts,
    sort_by_permission,
)
from hubspot_sync.delivery.mapping import Destination, LeadValues
from hubspot_sync.http.client import FIRST_PATIENCE, PATIENCE, HubSpotClient
from hubspot_sync.http.errors import Misconfigured, Rejected, TryAgain
from hubspot_sync.http.records import HubSpotRecord
from hubspot_sync.http.responses import ACCOUNT_CAUSES, GONE, TAKEN_CAUSES, cause_head
from hubspot_sync.models import SyncQueueItem

BATCH = 100  # HubSpot's limit for one call

REFUSED = "validation_error"  # HubSpot reported no property
ERASED = "erased_in_hubspot"  # its contact is gone, and HubSpot does not accept the address again

Rows = Sequence[SyncQueueItem]
Connect = Callable[[HubSpotClient], Destination]


def deliver_batch(client: HubSpotClient, connect: Connect, *, limit: int = BATCH) -> int:
    """Claim and deliver up to `limit` due leads; returns how many. `connect` says to which account.

    Raises TryAgain or Misconfigured after every claimed row was put back: the caller must stop.
    """
    items = SyncQueueItem.objects.claim(limit)
    rows = {str(item.pk): item for item in items}
    if rows:
        with put_back_on_error(rows):
            BatchDelivery(client, connect(client), rows).run()
    return len(items)


@contextmanager
def put_back_on_error(rows: Mapping[str, SyncQueueItem]) -> Iterator[None]:
    """Record an outcome for the remaining rows when HubSpot, the account or the time limit ends the batch."""
    try:
        yield
    except TryAgain as error:
        recording.record_outage(rows.values(), error)
        raise
    except SoftTimeLimitExceeded:
        out_of_time = TryAgain("out_of_time")
        recording.record_outage(rows.values(), out_of_time)
        raise out_of_time from None
    except Misconfigured as error:
        recording.record_misconfigured(rows.values(), error)
        raise


class BatchDelivery:
    """One claimed batch on its way through the three steps.

    `open` maps traces to rows without an outcome yet, `leads` to their values. `account_error` is an account
    error that HubSpot reported for single rows: those wait, the others are delivered, and then delivery
    pauses. `notes` say by trace why a lead was not written to its known record.
    """

    def __init__(self, client: HubSpotClient, to: Destination, rows: dict[str, SyncQueueItem]) -> None:
        self.client = client
        self.client.patience = FIRST_PATIENCE
        self.to = to
        self.open = rows
        self.leads: Mapping[str, LeadValues] = {}
        self.notes: dict[str, str] = {}
        self.account_error: Misconfigured | None = None

    def run(self) -> None:
        self.load_assessments()
        self.leave_other_account()
        self.read_leads()
        self.write_contacts()
        self.write_deals()
        self.associate()
        if self.account_error:
            raise self.account_error

    # The leads

    def load_assessments(self) -> None:
        with_proofs = Assessment.objects.select_related("address_proof")
        assessments = with_proofs.in_bulk([item.assessment_id for item in self.open.values()])
        self.close([item for item in self.open.values() if item.assessment_id not in assessments])  # purged
        for item in self.open.values():
            item.assessment = assessments[item.assessment_id]

    def leave_other_account(self) -> None:
        """Discard ids of another or unknown account; deals are found again by their unique key."""
        rows = [row for row in self.open.values() if self.has_other_ids(row.assessment)]
        if rows:
            keys = {str(row.assessment_id) for row in rows if row.assessment.hubspot_deal_id}
            found = self.read("deals", keys, [self.to.deal_key], id_property=self.to.deal_key)
            deals = {record.properties.get(self.to.deal_key, ""): record.id for record in found}
            self.close_lost(rows, recording.record_account(rows, self.to.portal_id, deals))

    def has_other_ids(self, assessment: Assessment) -> bool:
        known = assessment.hubspot_contact_id or assessment.hubspot_deal_id
        return bool(known) and assessment.hubspot_portal_id != self.to.portal_id

    def read_leads(self) -> None:
        found, held = sort_by_permission(all_leads([item.assessment for item in self.open.values()]))
        self.close_unsent([item for item in self.open.values() if item.assessment_id in held], held=True)
        gone = [item for item in self.open.values() if item.assessment_id not in found]
        if emptied := emptied_leads(gone):
            archive_contacts(self.client, [item.assessment for item in emptied])
            recording.record_archived(emptied)
        self.close_unsent(gone)
        items = self.open.values()
        created = {item.assessment_id for item in items if item.assessment.hubspot_contact_created}
        shared = shared_contacts({found[pk].contact_id or "" for pk in created if pk in found})
        self.leads = {
            trace: replace(
                found[item.assessment_id],
                owns_contact=item.assessment_id in created
                and found[item.assessment_id].contact_id not in shared,
            )
            for trace, item in self.open.items()
        }

    # The steps

    def write_contacts(self) -> None:
        """Read, then write: what HubSpot holds decides what an unproven visitor may change."""
        rows = [item for item in self.open.values() if not item.hubspot_contact_id]
        payloads = ContactPayloads(self.leads, self.to, newest_by_person(self.leads.values()))
        for row in rows:
            row.assessment.hubspot_address_hash = hubspot_address_hash(payloads.lead(row).email)
        writes = payloads.writes(rows, self.held_contacts(rows, payloads.property_names(rows)))
        self.close_unsent(writes.nothing, held=True)
        refused = self.send("contacts", self.client.update, writes.by_id, {GONE, *TAKEN_CAUSES})
        gone = [replace(payloads.new(each.rows), note=MADE_AGAIN) for each in refused.get(GONE, ())]
        by_address = [*writes.by_address, *gone]
        taken = self.taken(refused)
        taken += self.taken(self.send("contacts", self.client.upsert, by_address, TAKEN_CAUSES))
        unread = [payloads.unread(each.rows) for each in taken]
        self.send("contacts", self.client.upsert, unread, frozenset())
        self.finish([item for item in self.open.values() if not self.needs_deal(item)])

    def held_contacts(self, rows: Rows, names: Collection[str]) -> HeldContacts:
        """The existing contacts: one call for the addresses, one more for contacts that our leads created."""
        leads = [self.leads[str(row.pk)] for row in rows]
        found = self.read("contacts", {lead.email for lead in leads}, names, id_property="email")
        by_address = {address: record for record in found for address in addresses_of(record)}
        elsewhere = {
            lead.contact_id
            for lead in leads
            if lead.owns_contact and lead.contact_id and lead.email not in by_address
        }
        own = self.read("contacts", elsewhere, names)
        by_id = {id: record for record in own for id in (record.id, *merged_ids(record))}
        return HeldContacts(by_address, by_id)

    def read(
        self, kind: str, ids: Collection[str], names: Collection[str], *, id_property: str = ""
    ) -> list[HubSpotRecord]:
        """Read records by id or by a unique property; bisects when HubSpot rejects one of the lookups."""
        if not ids:
            return []
        try:
            return self.client.read(kind, sorted(ids), names, id_property=id_property)
        except Rejected:
            if len(ids) == 1:
                return []  # the write will be rejected too, with a cause
            ordered, half = sorted(ids), len(ids) // 2
            return [
                *self.read(kind, ordered[:half], names, id_property=id_property),
                *self.read(kind, ordered[half:], names, id_property=id_property),
            ]

    @staticmethod
    def taken(refused: Mapping[str, Sequence[Payload]]) -> list[Payload]:
        return [each for cause in sorted(TAKEN_CAUSES) for each in refused.get(cause, ())]

    def needs_deal(self, item: SyncQueueItem) -> bool:
        return item.assessment.qualified_for_briefing and not self.leads[str(item.pk)].objects

    def write_deals(self) -> None:
        rows = [item for item in self.open.values() if not item.hubspot_deal_id]
        known = [row for row in rows if self.leads[str(row.pk)].deal_id]
        unknown = [row for row in rows if not self.leads[str(row.pk)].deal_id]
        refused = self.send("deals", self.client.update, known_deals(known, self.leads, self.to), {GONE})
        unknown += [row for payload in refused.get(GONE, ()) for row in payload.rows]
        self.send("deals", self.client.upsert, new_deals(unknown, self.leads, self.to), frozenset())

    def associate(self) -> None:
        """Associate every deal with its contact. A pair that HubSpot does not confirm has failed."""
        items = list(self.open.values())
        linked = self.link([(item.hubspot_deal_id or "", item.hubspot_contact_id or "") for item in items])
        self.finish([item for item in items if (item.hubspot_deal_id, item.hubspot_contact_id) in linked])
        refused = list(self.open.values())
        for item in refused:
            recording.record_failed_attempt(item, "association_refused", self.client.correlation_id)
        self.close(refused)

    def link(self, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """The pairs that are associated now; bisects when HubSpot rejects the batch."""
        if not pairs:
            return set()
        try:
            return self.client.associate(pairs)
        except Rejected:
            if len(pairs) == 1:
                return set()
            half = len(pairs) // 2
            return self.link(pairs[:half]) | self.link(pairs[half:])

    # One call and its outcome

    def send(
        self, kind: str, send: Send, payloads: Iterable[Payload], recoverable: Collection[str]
    ) -> dict[str, list[Payload]]:
        """Send the payloads, and record the outcome of every row as the answers arrive.

        Payloads rejected for a `recoverable` cause stay open and are returned by cause: the caller tries
        another way.
        """
        by_trace = {payload.trace: payload for payload in payloads}
        refused: dict[str, list[Payload]] = {}
        for sent, outcome in send_bisecting(send, kind, [each.input for each in by_trace.values()]):
            written = {trace: outcome.ids[trace] for trace in by_trace if trace in outcome.ids}
            self.record_ids(kind, written, outcome.created, by_trace)
            for trace in [each.trace for each in sent if each.trace not in written]:
                cause = outcome.refusals.get(trace)
                if cause in recoverable:
                    refused.setdefault(cause or "", []).append(by_trace[trace])
                else:
                    self.record_refusal(kind, by_trace[trace], cause)
        return refused

    def record_ids(
        self,
        kind: str,
        written: Mapping[str, str],
        created: Collection[str],
        by_trace: Mapping[str, Payload],
    ) -> None:
        payloads = [(by_trace[trace], id) for trace, id in written.items()]
        ids = {row: id for payload, id in payloads for row in payload.rows}
        for payload, id in payloads:
            for row in payload.rows:
                if payload.note:
                    self.notes.setdefault(str(row.pk), payload.note)
                if kind == "contacts":
                    same = row.assessment.hubspot_contact_created and row.assessment.hubspot_contact_id == id
                    row.assessment.hubspot_contact_created = same or payload.trace in created
                    row.assessment.hubspot_portal_id = self.to.portal_id
        step = "hubspot_contact_id" if kind == "contacts" else "hubspot_deal_id"
        ours = recording.record_step(step, ids)
        self.client.patience = PATIENCE
        self.close_lost(list(ids), ours)

    def record_refusal(self, kind: str, payload: Payload, cause: str | None) -> None:
        """Record rows that HubSpot rejected. `cause` is None when the answer did not mention them."""
        rows, correlation = payload.rows, self.client.correlation_id
        if cause is None:
            for row in rows:
                recording.record_failed_attempt(row, "no_answer_for_input", correlation)
        elif cause_head(cause) in ACCOUNT_CAUSES:
            self.account_error = Misconfigured(cause, correlation)
            recording.record_misconfigured(rows, self.account_error)
        else:
            erased = kind == "contacts" and cause == REFUSED and payload.note == MADE_AGAIN
            recording.record_rejected(rows, ERASED if erased else cause or "refused", correlation)
        self.close(rows)

    def close_unsent(self, items: Rows, *, held: bool = False) -> None:
        """Close rows of which nothing is sent, for want of a consent (`held`) or of an address."""
        recording.record_nothing_to_send(items, SyncStatus.HELD if held else SyncStatus.SKIPPED)
        self.close(items)

    def finish(self, items: Rows) -> None:
        recording.record_delivered(items, self.client.correlation_id, self.notes)
        self.close(items)

    def close_lost(self, rows: Rows, ours: Collection[SyncQueueItem]) -> None:
        """Close rows that are no longer ours: the lease was lost, or the lead changed and is queued again."""
        self.close([row for row in rows if row not in ours])

    def close(self, rows: Iterable[SyncQueueItem]) -> None:
        """Close rows that have an outcome."""
        for row in list(rows):
            del self.open[str(row.pk)]
