"""Unfinished leads whose visitor emptied the address after it had reached HubSpot (early handover).

A contact that such an assessment created, that no other uses and that still has the address is archived:
HubSpot can undo that for 90 days. Any other contact stays as it is, and so does one whose session is gone.
"""

from collections.abc import Collection

from assessments.models import Assessment, AssessmentSession
from hubspot_sync.delivery.contacts import hashes_of
from hubspot_sync.delivery.lead_reader import shared_contacts
from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.http.records import ADDITIONAL_ADDRESSES, MERGED_IDS
from hubspot_sync.models import SyncQueueItem


def emptied_leads(rows: Collection[SyncQueueItem]) -> list[SyncQueueItem]:
    """Those of these rows whose open session has no address, but had the contact created. Two queries."""
    created = [
        row
        for row in rows
        if row.assessment.hubspot_contact_created
        and row.assessment.hubspot_contact_id
        and not row.assessment.completed_at
    ]
    if not created:
        return []
    sessions = AssessmentSession.objects.filter(
        pk__in=[row.assessment.session_id for row in created], email__isnull=True
    )
    emptied = set(sessions.values_list("pk", flat=True))
    shared = shared_contacts({row.assessment.hubspot_contact_id or "" for row in created})
    return [
        row
        for row in created
        if row.assessment.session_id in emptied and row.assessment.hubspot_contact_id not in shared
    ]


def archive_contacts(client: HubSpotClient, assessments: Collection[Assessment]) -> None:
    """Archive the contacts of these assessments that still have the address that was sent. Idempotent."""
    sent = {each.hubspot_contact_id or "": each.hubspot_address_hash for each in assessments}
    held = client.read("contacts", sorted(sent), ["email", ADDITIONAL_ADDRESSES, MERGED_IDS])
    ours = [record.id for record in held if sent.get(record.id) in hashes_of(record)]
    if ours:
        client.archive("contacts", ours)
