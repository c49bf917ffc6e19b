"""Decide which contact a lead is written to, and which properties: leads and HubSpot's contacts to payloads.

An address that a visitor typed proves nothing. A contact that this assessment did not create is therefore
never renamed, and only its empty properties are filled in, unless the address is proven. See docs/hubspot.md,
"Who is who".
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assessments.lifecycle.address_proof import Act, is_allowed
from encryption.email_addresses import canonical_address
from hubspot_sync.delivery.lead_reader import address_changed, hubspot_address_hash, precedence
from hubspot_sync.delivery.mapping import (
    Destination,
    LeadValues,
    account_properties,
    consent_properties,
    contact_properties,
    details_given,
    own_properties,
    owner_consent_properties,
    person_properties,
    source_properties,
)
from hubspot_sync.http.client import BatchInput
from hubspot_sync.http.records import ADDITIONAL_ADDRESSES, MERGED_IDS, HubSpotRecord
from hubspot_sync.models import SyncQueueItem

# Notes on a delivered row whose lead was not written to its known contact.
MADE_AGAIN = "made_again"  # the contact was deleted in HubSpot
NEW_ADDRESS = "new_address"  # the lead has a contact of its own now; the previous one is unchanged
OTHER_CONTACT = "address_of_another_contact"  # another contact is used now; the previous one is unchanged
SECOND_ADDRESS = "second_address"  # the contact was found by one of its additional addresses


@dataclass(frozen=True, slots=True)
class Payload:
    """One record to write, and the rows that it delivers."""

    input: BatchInput
    rows: Sequence[SyncQueueItem]
    note: str = ""  # notes for the rows, recorded on success

    @property
    def trace(self) -> str:
        return self.input.trace


@dataclass(frozen=True, slots=True)
class ContactWrites:
    """By id: contacts that their assessment created. By address: all others, created if absent."""

    by_id: list[Payload] = field(default_factory=list)
    by_address: list[Payload] = field(default_factory=list)
    nothing: list[SyncQueueItem] = field(default_factory=list)  # objections that HubSpot need not hear of


@dataclass(frozen=True, slots=True)
class HeldContacts:
    """Existing contacts: by address, and by id those that our leads created."""

    by_address: Mapping[str, HubSpotRecord] = field(default_factory=dict)
    by_id: Mapping[str, HubSpotRecord] = field(default_factory=dict)


def addresses_of(record: HubSpotRecord) -> list[str]:
    """The primary address and the additional ones, folded."""
    listed = record.properties.get(ADDITIONAL_ADDRESSES, "").split(";")
    return [
        canonical_address(address) for address in (record.properties.get("email", ""), *listed) if address
    ]


def hashes_of(record: HubSpotRecord) -> set[str | None]:
    """Keyed hashes of the contact's addresses, to compare with the one that we sent."""
    return {hubspot_address_hash(address) for address in addresses_of(record)}


def merged_ids(record: HubSpotRecord) -> list[str]:
    return [id for id in record.properties.get(MERGED_IDS, "").split(";") if id]


def names_to_read(to: Destination) -> list[str]:
    """The properties to read from any contact before it is written."""
    source = [to.name("lead_source"), *to.campaign_properties.values(), *to.consent_properties.values()]
    person = ["firstname", "lastname", "company", "phone"]
    return ["email", ADDITIONAL_ADDRESSES, MERGED_IDS, *person, *filter(None, source)]


class ContactPayloads:
    """Build the payloads for one batch; `newest` maps each lead to the result that HubSpot should show."""

    def __init__(
        self,
        leads: Mapping[str, LeadValues],
        to: Destination,
        newest: Callable[[LeadValues], LeadValues],
    ) -> None:
        self.leads = leads
        self.to = to
        self.newest = newest

    def lead(self, row: SyncQueueItem) -> LeadValues:
        return self.leads[str(row.pk)]

    def property_names(self, rows: Iterable[SyncQueueItem]) -> list[str]:
        """The properties to read before the contacts of these rows are written."""
        newest = [self.newest(self.lead(row)) for row in rows]
        of_account = {name for lead in newest for name in account_properties(lead, self.to)}
        return [*names_to_read(self.to), *sorted(of_account)]

    def writes(self, rows: Iterable[SyncQueueItem], held: HeldContacts) -> ContactWrites:
        """How to write each row's contact; rows with the same address share a payload."""
        writes = ContactWrites()
        for address, together in self.by_address(rows).items():
            contact = held.by_address.get(address)
            if contact:
                known = self.existing(together, contact)
                if known.input.properties:
                    writes.by_address.append(known)
                else:
                    writes.nothing.extend(together)
                continue
            owner = next((row for row in together if self.lead(row).owns_contact), None)
            own = held.by_id.get(self.lead(owner).contact_id or "") if owner else None
            if own and (payload := self.own(together, own)):
                writes.by_id.append(payload)
            elif self.lead(together[0]).objects:
                writes.nothing.extend(together)
            else:
                writes.by_address.append(self.new(together))
        return writes

    def by_address(self, rows: Iterable[SyncQueueItem]) -> dict[str, list[SyncQueueItem]]:
        """Group rows by address, first the one whose person and result HubSpot should show.

        An objection applies to its own assessment and does not block another one with the same address.
        """
        groups: dict[str, list[SyncQueueItem]] = defaultdict(list)
        for row in rows:
            groups[self.lead(row).email].append(row)
        return {address: sorted(group, key=self.order, reverse=True) for address, group in groups.items()}

    def order(self, row: SyncQueueItem) -> tuple[bool, bool, datetime, str]:
        lead = self.lead(row)
        return not lead.objects, *precedence(lead)

    def new(self, rows: Sequence[SyncQueueItem]) -> Payload:
        """A new contact under its address: every property is sent."""
        lead = self.lead(rows[0])
        newest = self.newest(lead)
        person = newest if newest.email == lead.email else lead
        properties = contact_properties(person, self.to) | self.answers(rows) | self.results(rows)
        properties |= {"email": lead.email} | consent_properties(lead, self.to)
        return Payload(self.by_email(rows, properties), rows, self.note_of_new(lead))

    def note_of_new(self, lead: LeadValues) -> str:
        if not lead.contact_id:
            return ""
        return NEW_ADDRESS if address_changed(lead) else MADE_AGAIN

    def existing(self, rows: Sequence[SyncQueueItem], contact: HubSpotRecord) -> Payload:
        """An existing contact, found by address. The address is the key, not a property: no renaming."""
        properties = self.properties_for(rows, contact, overwrite=self.may_overwrite(rows, contact))
        return Payload(
            self.by_email(rows, properties), rows, self.note_of_existing(self.lead(rows[0]), contact)
        )

    def may_overwrite(self, rows: Sequence[SyncQueueItem], contact: HubSpotRecord) -> bool:
        leads = [self.lead(row) for row in rows]
        return any(
            is_allowed(Act.OVERWRITE, proven=lead.details_are_proven)
            or (lead.owns_contact and lead.contact_id == contact.id)
            for lead in leads
        )

    def note_of_existing(self, lead: LeadValues, contact: HubSpotRecord) -> str:
        if lead.contact_id and lead.contact_id not in (contact.id, *merged_ids(contact)):
            return OTHER_CONTACT
        return "" if addresses_of(contact)[:1] == [lead.email] or lead.contact_id else SECOND_ADDRESS

    def own(self, rows: Sequence[SyncQueueItem], contact: HubSpotRecord) -> Payload | None:
        """A contact that our lead created and that has another address than the lead.

        If the visitor changed the address, the contact gets it, provided it still has the address that was
        sent. If sales changed it, it stays, and only empty properties are filled in. None when both did, or
        when the contact was merged into another.
        """
        lead = next(self.lead(row) for row in rows if self.lead(row).owns_contact)
        if contact.id != lead.contact_id:
            return None
        if not address_changed(lead):
            properties = self.properties_for(rows, contact, overwrite=False)
        elif lead.address_hash in hashes_of(contact) and not lead.objects:
            properties = self.properties_for(rows, contact, overwrite=True)
            properties["email"] = lead.email
        else:
            return None
        return Payload(BatchInput(str(rows[0].pk), contact.id, "", properties), rows)

    def unread(self, rows: Sequence[SyncQueueItem]) -> Payload:
        """A contact that has the address but is unreadable: write our own properties, or all if proven."""
        lead = self.lead(rows[0])
        properties = self.results(rows) | owner_consent_properties(lead, self.to)
        if lead.details_are_proven:
            properties |= person_properties(lead) | self.answers(rows)
        return Payload(self.by_email(rows, properties), rows, SECOND_ADDRESS)

    def properties_for(
        self, rows: Sequence[SyncQueueItem], contact: HubSpotRecord, *, overwrite: bool
    ) -> dict[str, str]:
        """All properties if the lead may overwrite them, otherwise the empty ones and our own.

        A typed consent or objection counts for its assessment, not for the person who the contact is.
        """
        lead, held = self.lead(rows[0]), contact.properties
        is_own = lead.answers_are_proven or (lead.owns_contact and lead.contact_id == contact.id)
        consents = (consent_properties if is_own else owner_consent_properties)(lead, self.to)
        if lead.objects:
            return consents
        newest = self.newest(lead)
        person = person_properties(newest if newest.email == lead.email else lead)
        own, said = self.results(rows), self.answers(rows)
        source = only_empty(source_properties(newest, self.to), held)
        if overwrite:
            return person | said | own | source | consents
        details = details_given(person_properties(lead) | said, held)
        shown = {self.to.details_property: details} if details and self.to.details_property else {}
        return only_empty(person | said, held) | consents | own | source | shown

    def results(self, rows: Sequence[SyncQueueItem]) -> dict[str, str]:
        """The results of these rows, of each questionnaire the newest; of one property the first row's."""
        return self.of_newest(rows, own_properties)

    def answers(self, rows: Sequence[SyncQueueItem]) -> dict[str, str]:
        """Their answers to questions whose properties are not ours alone, in the same way."""
        return self.of_newest(rows, account_properties)

    def of_newest(
        self,
        rows: Sequence[SyncQueueItem],
        properties_of: Callable[[LeadValues, Destination], dict[str, str]],
    ) -> dict[str, str]:
        leads = [self.lead(row) for row in rows]
        found = [properties_of(self.newest(lead), self.to) for lead in leads if not lead.objects]
        return {name: value for properties in reversed(found) for name, value in properties.items()}

    def by_email(self, rows: Sequence[SyncQueueItem], properties: Mapping[str, str]) -> BatchInput:
        return BatchInput(str(rows[0].pk), self.lead(rows[0]).email, "email", properties)


def only_empty(properties: Mapping[str, str], held: Mapping[str, str]) -> dict[str, str]:
    """The properties that are still empty on the contact."""
    return {name: value for name, value in properties.items() if not held.get(name)}
