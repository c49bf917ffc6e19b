"""From the database to the values that the mapping takes: read at the moment of sending."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.crypto import salted_hmac

from assessments.lifecycle import consents
from assessments.models import Assessment, AssessmentSession, SuppressedAddress
from assessments.models.contact import ContactFields
from encryption.email_addresses import canonical_address
from hubspot_sync.delivery.mapping import Destination, LeadValues

NEVER = datetime.min.replace(tzinfo=UTC)

Key = TypeVar("Key")


def result_values(assessment: Assessment) -> LeadValues | None:
    """A finished run's lead as it stands now; None for an open run, without an address, or scrubbed."""
    lead = contact_values(assessment, assessment)
    if not (lead and assessment.completed_at and assessment.lead_quality):
        return None
    return replace(
        lead,
        total_score=assessment.total_score,
        areas=assessment.score_breakdown or {},
        category=assessment.score_category,
        quality=assessment.lead_quality,
        completed_at=assessment.completed_at,
        completion_seconds=assessment.completion_time_seconds or 0,
    )


def contact_values(assessment: Assessment, details: ContactFields) -> LeadValues | None:
    """The lead of a run without its result; None without an address."""
    if not details.email or assessment.email_scrubbed_at:
        return None
    return LeadValues(
        key=str(assessment.pk),
        email=canonical_address(details.email),
        first_name=details.first_name,
        last_name=details.last_name,
        company=details.company,
        phone=details.phone,
        contact_id=assessment.hubspot_contact_id,
        deal_id=assessment.hubspot_deal_id,
        address_hash=assessment.hubspot_address_hash,
    )


def read_leads(assessments: Collection[Assessment]) -> dict[UUID, LeadValues]:
    """The leads of these runs by assessment, those of open runs out of their session.

    A run that was given up has its address as long as its session is kept: clearing/expired_sessions.py.
    """
    leads = {run.pk: result_values(run) for run in assessments}
    unfinished = {run.session_id: run for run in assessments if not run.completed_at}
    if unfinished:
        for session in AssessmentSession.objects.filter(pk__in=list(unfinished)):
            run = unfinished[session.pk]
            leads[run.pk] = contact_values(run, session)
    return permitted({pk: lead for pk, lead in leads.items() if lead})


def permitted(leads: Mapping[Key, LeadValues]) -> dict[Key, LeadValues]:
    """Those that HubSpot may be told of, each with what its person agreed to. Two queries.

    Nobody whom we erased, whoever queued them. Of whoever objects to being contacted HubSpot is told that, if
    it knows the person at all, and nothing else: docs/privacy.md.
    """
    addresses = {lead.email for lead in leads.values()}
    erased = SuppressedAddress.objects.suppressed_among(addresses)
    said = consents.choices_by_assessment({key: lead.email for key, lead in leads.items()})
    agreed = {key: replace(lead, consents=said[key]) for key, lead in leads.items()}
    told = {}
    for key, lead in agreed.items():
        if lead.email not in erased and consents.may_contact(said[key]):
            told[key] = lead
        elif lead.email not in erased and lead.contact_id and settings.HUBSPOT_CONSENT_PROPERTIES:
            told[key] = only_consents(lead)
    return told


def only_consents(lead: LeadValues) -> LeadValues:
    return LeadValues(
        key=lead.key,
        email=lead.email,
        contact_id=lead.contact_id,
        address_hash=lead.address_hash,
        consents=lead.consents,
        objects=True,
    )


def newest_by_person(leads: Collection[LeadValues]) -> Callable[[LeadValues], LeadValues]:
    """For any of these leads the last run that its person finished, of these and all others that we have.

    Runs with one address, or one contact in HubSpot, are one person's. A row that comes late, after a failure
    say, must not put an older score over a newer one; an open run says less than any finished one.
    """
    addresses = Q(email__in={lead.email for lead in leads})
    contacts = Q(hubspot_contact_id__in={lead.contact_id for lead in leads if lead.contact_id})
    others = filter(None, map(result_values, Assessment.objects.leads().filter(addresses | contacts)))
    newest: dict[str, LeadValues] = {}
    for run in sorted([*leads, *others], key=completion_order):
        newest |= {run.email: run} | ({run.contact_id: run} if run.contact_id else {})
    return lambda lead: max(newest[lead.email], newest[lead.contact_id or lead.email], key=completion_order)


def completion_order(lead: LeadValues) -> tuple[datetime, str]:
    return lead.completed_at or NEVER, lead.key


def hubspot_address_hash(lead: LeadValues) -> str:
    """A keyed hash: it tells that an address is another than the one HubSpot was told, and not which."""
    return salted_hmac("hubspot_sync.address", lead.email, algorithm="sha256").hexdigest()


def address_changed(lead: LeadValues) -> bool:
    """The person gave another address after HubSpot made the contact."""
    return lead.contact_id is not None and lead.address_hash != hubspot_address_hash(lead)


def destination() -> Destination:
    """The configured names of the HubSpot account."""
    return Destination(
        pipeline=settings.HUBSPOT_PIPELINE,
        deal_stage=settings.HUBSPOT_DEAL_STAGE,
        deal_amount=settings.HUBSPOT_DEAL_AMOUNT,
        deal_close_days=settings.HUBSPOT_DEAL_CLOSE_DAYS,
        lead_source=settings.HUBSPOT_LEAD_SOURCE,
        area_properties=settings.HUBSPOT_AREA_PROPERTIES,
        consent_properties=settings.HUBSPOT_CONSENT_PROPERTIES,
    )
