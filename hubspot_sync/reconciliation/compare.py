"""Compare one page of leads or records and list the differences. Read-only on both sides.

It never uses HubSpot's search, whose index lags. A lead with an open queue row is still being delivered and
is not compared. A scrubbed lead is left alone: it is neither reported as missing nor sent again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from assessments.retention import retention_period
from encryption.email_addresses import canonical_address
from hubspot_sync.account.setup import wanted_properties
from hubspot_sync.delivery.contacts import addresses_of, hashes_of, merged_ids
from hubspot_sync.delivery.lead_reader import (
    hubspot_address_hash,
    newest_by_person,
    permitted_leads,
    result_values,
)
from hubspot_sync.delivery.mapping import Destination, LeadValues, own_properties
from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.http.records import ADDITIONAL_ADDRESSES, MERGED_IDS, HubSpotRecord
from hubspot_sync.models import DifferenceKind, SyncQueueItem

PAGE = 100
SETTLED = timedelta(hours=1)  # a younger record may belong to a delivery in progress
MISSING = {
    DifferenceKind.NOT_SENT,
    DifferenceKind.CONTACT_GONE,
    DifferenceKind.DEAL_GONE,
    DifferenceKind.ADDRESS_MISSING,
    DifferenceKind.OTHER_ACCOUNT,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`assessment` is None for an unknown record; `new_id` is the survivor's id after a merge."""

    kind: DifferenceKind
    assessment: Assessment | None = None
    hubspot_id: str = ""
    new_id: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """The findings of one page, and the cursor of the next; the last page has an empty `after`."""

    findings: tuple[Finding, ...]
    after: str
    here: int = 0
    there: int = 0
    on_their_way: int = 0


Comparison = Callable[[HubSpotClient, Destination, str], Compared]


def comparable_leads() -> QuerySet[Any]:
    """Leads with personal data, annotated with `on_the_way`: waiting, just sent, or failed."""
    rows = SyncQueueItem.objects.undelivered().filter(assessment=OuterRef("pk"))
    alive = Assessment.objects.leads().filter(email__isnull=False, email_scrubbed_at__isnull=True)
    return alive.select_related("address_proof").annotate(on_the_way=Exists(rows))


def compare_leads(client: HubSpotClient, to: Destination, after: str) -> Compared:
    """Compare our leads with HubSpot's: three calls per hundred leads, one more for missing addresses.

    Without those of which a person decided that HubSpot is not to have them.
    """
    leads_here = comparable_leads().exclude(hubspot_sync_status=SyncStatus.SETTLED)
    page = list((leads_here.filter(pk__gt=after) if after else leads_here).order_by("pk")[:PAGE])
    values = {run.pk: lead for run in page if not run.on_the_way and (lead := result_values(run))}
    sendable = permitted_leads(values)
    leads = {run: sendable[run.pk] for run in page if run.pk in sendable and not sendable[run.pk].objects}
    elsewhere = [run for run in leads if run.hubspot_portal_id not in (None, to.portal_id)]
    here = {run: lead for run, lead in leads.items() if run not in elsewhere}
    findings = [finding(DifferenceKind.OTHER_ACCOUNT, run, None, None) for run in elsewhere]
    findings += compare_records(client, to, here)
    lacking = {each.assessment for each in findings if each.kind in MISSING}
    return Compared(
        findings=tuple(findings),
        after=str(page[-1].pk) if len(page) == PAGE else "",
        here=len(leads),
        there=len(leads) - len(lacking),
        on_their_way=sum(run.on_the_way for run in page),
    )


def compare_records(
    client: HubSpotClient, to: Destination, leads: Mapping[Assessment, LeadValues]
) -> list[Finding]:
    """The differences between these leads and the records with their recorded ids."""
    results = {name for lead in leads.values() for name in own_properties(lead, to)}
    names = [*{*own_names(to), *results}, "email", ADDITIONAL_ADDRESSES]
    contacts = records_by_id(client, "contacts", [run.hubspot_contact_id for run in leads], names)
    deals = records_by_id(client, "deals", [run.hubspot_deal_id for run in leads], [to.deal_key])
    links = client.links({deal.id for deal in deals.values()}) if deals else set()
    pairs = {run: contacts.get(run.hubspot_contact_id or "") for run in leads}
    lacking = {
        run for run, contact in pairs.items() if contact and not has_address_of_lead(contact, leads[run])
    }
    moved = addresses_held(client, {leads[run].email for run in lacking})
    newest = newest_by_person(leads.values())
    findings = []
    for run, lead in leads.items():
        contact, deal = pairs[run], deals.get(run.hubspot_deal_id or "")
        linked = bool(contact and deal and (deal.id, contact.id) in links)
        kinds = differences_of(run, contact, deal, linked=linked, key=to.deal_key)
        if contact and MISSING.isdisjoint(kinds):
            if run in lacking and lead.email not in moved:
                kinds.append(DifferenceKind.ADDRESS_MISSING)
            elif has_other_values(contact, own_properties(newest(lead), to)):
                kinds.append(DifferenceKind.CONTACT_DIFFERS)
        findings += [finding(kind, run, contact, deal) for kind in kinds]
    return findings


def has_address_of_lead(contact: HubSpotRecord, lead: LeadValues) -> bool:
    """Whether one of the contact's addresses is the lead's, by keyed hash."""
    return hubspot_address_hash(lead.email) in hashes_of(contact)


def addresses_held(client: HubSpotClient, addresses: Collection[str]) -> set[str]:
    """Which of these addresses any contact has."""
    if not addresses:
        return set()
    names = ["email", ADDITIONAL_ADDRESSES]
    found = client.read("contacts", sorted(addresses), names, id_property="email")
    return {address for record in found for address in addresses_of(record)}


def differences_of(
    run: Assessment, contact: HubSpotRecord | None, deal: HubSpotRecord | None, *, linked: bool, key: str
) -> list[DifferenceKind]:
    """The differences in the records of one lead; missing ones come alone: a resend recreates them."""
    deal_expected = run.qualified_for_briefing
    if not run.hubspot_contact_id or (deal_expected and not run.hubspot_deal_id):
        return [DifferenceKind.NOT_SENT]
    gone = [DifferenceKind.CONTACT_GONE] if contact is None else []
    if deal_expected and deal is None:
        gone.append(DifferenceKind.DEAL_GONE)
    if gone or not contact:
        return gone
    wrong = [DifferenceKind.CONTACT_MERGED] if contact.id != run.hubspot_contact_id else []
    if deal_expected and deal:
        wrong += [DifferenceKind.DEAL_MERGED] if deal.id != run.hubspot_deal_id else []
        wrong += [DifferenceKind.DEAL_DIFFERS] if key not in deal.properties else []
        wrong += [] if linked else [DifferenceKind.NOT_LINKED]
    return wrong


def has_other_values(record: HubSpotRecord, expected: Mapping[str, str]) -> bool:
    """Whether properties that only we write differ: sales may have corrected names and numbers."""
    return any(record.properties.get(name) != value for name, value in expected.items())


def finding(
    kind: DifferenceKind, run: Assessment, contact: HubSpotRecord | None, deal: HubSpotRecord | None
) -> Finding:
    of_deal = kind in (
        DifferenceKind.DEAL_DIFFERS,
        DifferenceKind.DEAL_MERGED,
        DifferenceKind.DEAL_GONE,
        DifferenceKind.NOT_LINKED,
    )
    known, record = (run.hubspot_deal_id, deal) if of_deal else (run.hubspot_contact_id, contact)
    return Finding(kind, run, known or "", record.id if record else "")


def records_by_id(
    client: HubSpotClient, kind: str, ids: Iterable[str | None], names: Collection[str]
) -> dict[str, HubSpotRecord]:
    """The records with our ids; a merged one is its survivor, which lists its former ids."""
    wanted = sorted({id for id in ids if id})
    records = client.read(kind, wanted, [*names, MERGED_IDS]) if wanted else []
    return {id: record for record in records for id in (record.id, *merged_ids(record))}


def compare_deals(client: HubSpotClient, to: Destination, after: str) -> Compared:
    """Compare HubSpot's deals with ours: deals with one of our keys but no assessment here."""
    page = client.page("deals", [to.deal_key], after=after)
    keyed = [record for record in page.records if to.deal_key in record.properties]
    keys = {record.id: as_uuid(record.properties[to.deal_key]) for record in keyed}
    ours = set(Assessment.objects.filter(pk__in=filter(None, keys.values())).values_list("pk", flat=True))
    recent = recently_made(timezone.now())
    strangers = [record for record in keyed if keys[record.id] not in ours and recent(record)]
    findings = tuple(Finding(DifferenceKind.DEAL_UNKNOWN, hubspot_id=record.id) for record in strangers)
    return Compared(findings, page.after, there=len(findings))


def compare_contacts(client: HubSpotClient, to: Destination, after: str) -> Compared:
    """Compare HubSpot's contacts with ours: contacts with our values that no assessment here refers to."""
    page = client.page("contacts", ["email", ADDITIONAL_ADDRESSES, MERGED_IDS, *own_names(to)], after=after)
    carrying = [record for record in page.records if carries_ours(record, to)]
    ids = {id for record in carrying for id in (record.id, *merged_ids(record))}
    ours = set(
        Assessment.objects.filter(hubspot_contact_id__in=ids).values_list("hubspot_contact_id", flat=True)
    )
    strangers = [record for record in carrying if ours.isdisjoint({record.id, *merged_ids(record)})]
    leads = leads_by_address(strangers)
    recent = recently_made(timezone.now())
    findings = []
    for record in strangers:
        lead = next((leads[address] for address in addresses_of(record) if address in leads), None)
        if lead is None and recent(record):
            findings.append(Finding(DifferenceKind.CONTACT_UNKNOWN, hubspot_id=record.id))
        elif lead and not lead.on_the_way:
            findings.append(Finding(DifferenceKind.CONTACT_DOUBLED, lead, record.id))
    return Compared(tuple(findings), page.after, there=len(findings))


def own_names(to: Destination) -> list[str]:
    return [each.name for each in wanted_properties(to) if each.kind == "contacts"]


def carries_ours(record: HubSpotRecord, to: Destination) -> bool:
    """Whether a contact has a score, or our source name: that of an unfinished assessment has no score."""
    held = record.properties
    source = to.name("lead_source")
    return to.name("ai_assessment_score") in held or bool(source and held.get(source) in to.sources)


def leads_by_address(records: Iterable[HubSpotRecord]) -> dict[str, Any]:
    wanted = {address for record in records for address in addresses_of(record) if address}
    return (
        {canonical_address(run.email): run for run in comparable_leads().filter(email__in=wanted)}
        if wanted
        else {}
    )


def recently_made(now: datetime) -> Callable[[HubSpotRecord], bool]:
    """Whether a record is recent enough to be known: older ones may be of scrubbed or purged leads."""
    oldest = now - retention_period()
    return lambda record: record.created_at is None or oldest < record.created_at < now - SETTLED


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
