"""Read leads from the database, at the moment of sending, as values for the mapping."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.utils.crypto import salted_hmac

from assessments.lifecycle import consents
from assessments.lifecycle.address_proof import answers_are_proven, details_are_proven
from assessments.models import Assessment, AssessmentSession, SuppressedAddress
from assessments.models.contact import ContactFields
from assessments.models.signs import Sign
from assessments.models.test_addresses import is_test_address
from encryption.email_addresses import canonical_address
from hubspot_sync.delivery.mapping import Destination, LeadValues
from hubspot_sync.delivery.questionnaires import (
    answer_values,
    lead_source_of,
    named_properties,
    result_properties,
)
from hubspot_sync.http.account import AccountDetails
from leads.models import LeadWork
from scorecard import versions

NEVER = datetime.min.replace(tzinfo=UTC)
ANY = ""  # questionnaire
RELATED = ("address_proof", "work__owner")
NO_ACCOUNT = AccountDetails("", "")

Key = TypeVar("Key")


def result_values(assessment: Assessment) -> LeadValues | None:
    """The values of a finished assessment; None if it is unfinished, scrubbed or has no address."""
    lead = contact_values(assessment, assessment)
    if not (lead and assessment.completed_at and assessment.lead_quality):
        return None
    definition = versions.get(assessment.version_id).definition
    return replace(
        lead,
        answers=answer_values(definition, assessment.responses),
        total_score=assessment.total_score,
        areas=assessment.score_breakdown or {},
        category=assessment.score_category,
        quality=assessment.lead_quality,
        completed_at=assessment.completed_at,
        completion_seconds=assessment.completion_time_seconds or 0,
        sales=sales_values(assessment),
    )


def contact_values(assessment: Assessment, details: ContactFields) -> LeadValues | None:
    """The values of an assessment without its result; None without an address, and of a test."""
    if not details.email or assessment.email_scrubbed_at or is_test(assessment, details.email):
        return None
    definition = versions.get(assessment.version_id).definition
    category = assessment.score_category
    return LeadValues(
        key=str(assessment.pk),
        questionnaire=definition.key,
        result_to=result_properties(definition, destination_names().result_properties),
        source=lead_source_of(definition),
        deal_name=definition.hubspot.deal_name,
        names={
            "questionnaire": definition.name,
            "category": next((band.name for band in definition.bands if band.key == category), ""),
        },
        email=canonical_address(details.email),
        first_name=details.first_name,
        last_name=details.last_name,
        company=details.company,
        phone=details.phone,
        campaign=assessment.utm or {},
        contact_id=assessment.hubspot_contact_id,
        deal_id=assessment.hubspot_deal_id,
        portal_id=assessment.hubspot_portal_id,
        address_hash=assessment.hubspot_address_hash,
        details_are_proven=details_are_proven(assessment),
        answers_are_proven=answers_are_proven(assessment),
    )


def is_test(assessment: Assessment, address: str) -> bool:
    """Whether HubSpot hears nothing of it; an unfinished one gets its mark by the address at submit."""
    return Sign.TEST in assessment.doubts or (not assessment.completed_at and is_test_address(address))


def read_leads(assessments: Collection[Assessment]) -> dict[UUID, LeadValues]:
    """The leads among these assessments that may be sent to HubSpot, each with its consents."""
    return permitted_leads(all_leads(assessments))


def all_leads(assessments: Collection[Assessment]) -> dict[UUID, LeadValues]:
    """Read the leads among these assessments; an unfinished one has its contact details in its session.

    An abandoned assessment has its address as long as its session is stored: clearing/expired_sessions.py.
    """
    leads = {assessment.pk: result_values(assessment) for assessment in assessments}
    unfinished = {
        assessment.session_id: assessment for assessment in assessments if not assessment.completed_at
    }
    if unfinished:
        for session in AssessmentSession.objects.filter(pk__in=list(unfinished)):
            assessment = unfinished[session.pk]
            leads[assessment.pk] = contact_values(assessment, session)
    return {pk: lead for pk, lead in leads.items() if lead}


def sales_values(assessment: Assessment) -> dict[str, str]:
    """What sales recorded, where the operator has named properties for it: owner's name and outcome."""
    work: LeadWork | None = getattr(assessment, "work", None) if settings.HUBSPOT_SALES_PROPERTIES else None
    if work is None:
        return {}
    owner = work.owner.get_full_name() if work.owner else ""
    return {name: value for name, value in (("owner", owner), ("outcome", work.outcome)) if value}


def permitted_leads(leads: Mapping[Key, LeadValues]) -> dict[Key, LeadValues]:
    """The leads that may be sent to HubSpot, each with its consents. Two queries."""
    return sort_by_permission(leads)[0]


def sort_by_permission(leads: Mapping[Key, LeadValues]) -> tuple[dict[Key, LeadValues], set[Key]]:
    """The leads that may be sent to HubSpot, and those held back for want of a consent. Two queries.

    Suppressed people are in neither. A person who objects to being contacted is sent with the consents alone,
    and only if HubSpot already knows them: docs/privacy.md.
    """
    addresses = {lead.email for lead in leads.values()}
    erased = SuppressedAddress.objects.suppressed_among(addresses)
    said = consents.recorded_choices({key: lead.email for key, lead in leads.items()})
    sendable, held = {}, set()
    for key, lead in leads.items():
        if lead.email in erased:
            continue
        choices = said[key].in_force
        with_consents = replace(lead, consents=choices, owner_consents=said[key].for_address)
        if consents.may_contact(choices):
            sendable[key] = with_consents
        elif lead.contact_id and settings.HUBSPOT_CONSENT_PROPERTIES:
            sendable[key] = only_consents(with_consents)
        else:
            held.add(key)
    return sendable, held


def only_consents(lead: LeadValues) -> LeadValues:
    return LeadValues(
        key=lead.key,
        email=lead.email,
        contact_id=lead.contact_id,
        portal_id=lead.portal_id,
        address_hash=lead.address_hash,
        consents=lead.consents,
        owner_consents=lead.owner_consents,
        objects=True,
        details_are_proven=lead.details_are_proven,
        answers_are_proven=lead.answers_are_proven,
    )


def shared_contacts(contacts: Collection[str]) -> set[str]:
    """Which of these HubSpot contact ids are used by more than one assessment. One query."""
    if not contacts:
        return set()
    users = (
        Assessment.objects.filter(hubspot_contact_id__in=contacts)
        .order_by()
        .values("hubspot_contact_id")
        .annotate(users=Count("pk"))
    )
    return {str(row["hubspot_contact_id"]) for row in users if row["users"] > 1}


def newest_by_person(leads: Collection[LeadValues]) -> Callable[[LeadValues], LeadValues]:
    """For each of these leads, what HubSpot should show, chosen among all of that person's leads.

    The details are those of the newest lead, the result is that of the newest of the same questionnaire.
    Assessments with the same address, or the same contact in HubSpot, belong to one person. What the holder
    of the address gave wins over what was typed, then the newest wins, so a delayed retry cannot overwrite a
    newer score. Any finished assessment wins over an unfinished one.
    """
    addresses = Q(email__in={lead.email for lead in leads})
    contacts = Q(hubspot_contact_id__in={lead.contact_id for lead in leads if lead.contact_id})
    same_person = Assessment.objects.leads().filter(addresses | contacts).select_related(*RELATED)
    others = filter(None, map(result_values, same_person))
    all_of_them = [*leads, *others]
    person = newest_by_key(all_of_them, precedence, lambda lead: ANY)
    result = newest_by_key(all_of_them, result_precedence, lambda lead: lead.questionnaire)
    return lambda lead: with_result(person(lead), result(lead))


def newest_by_key(
    leads: Iterable[LeadValues], order: Callable[[LeadValues], Any], part: Callable[[LeadValues], str]
) -> Callable[[LeadValues], LeadValues]:
    """For each of these leads the last by `order` of the same person and `part`."""
    newest: dict[tuple[str | None, ...], LeadValues] = {}
    for lead in sorted(leads, key=order):
        newest[part(lead), lead.email] = lead
        if lead.contact_id and not address_changed(lead):  # else another person's contact
            newest[part(lead), lead.portal_id, lead.contact_id] = lead

    def newest_of(lead: LeadValues) -> LeadValues:
        found = newest[part(lead), lead.email]
        same_contact = newest.get((part(lead), lead.portal_id, lead.contact_id), found)
        return max(found, same_contact, key=order)

    return newest_of


def with_result(person: LeadValues, result: LeadValues) -> LeadValues:
    """The details of one lead with the result of another of the same person."""
    return replace(
        person,
        questionnaire=result.questionnaire,
        result_to=result.result_to,
        source=result.source,
        answers=result.answers,
        total_score=result.total_score,
        areas=result.areas,
        category=result.category,
        quality=result.quality,
        completed_at=result.completed_at,
        completion_seconds=result.completion_seconds,
    )


def precedence(lead: LeadValues) -> tuple[bool, datetime, str]:
    return lead.details_are_proven, lead.completed_at or NEVER, lead.key


def result_precedence(lead: LeadValues) -> tuple[bool, bool, datetime, str]:
    """Answers that the holder of the address gave win over those that only have their details by now."""
    return lead.answers_are_proven, *precedence(lead)


def hubspot_address_hash(address: str) -> str:
    """A keyed hash of a folded address: shows whether two addresses differ, not what they are."""
    return salted_hmac("hubspot_sync.address", address, algorithm="sha256").hexdigest()


def address_changed(lead: LeadValues) -> bool:
    """Whether the person has given another address than the one sent to HubSpot."""
    return lead.contact_id is not None and lead.address_hash != hubspot_address_hash(lead.email)


def configured_destination(account: AccountDetails = NO_ACCOUNT) -> Destination:
    """The configured names of the HubSpot account, its id once it is known, and what questionnaires name."""
    names = destination_names(account)
    live = [versions.current(key).definition for key in versions.live_keys()]
    return replace(
        names,
        named=tuple(named_properties(names.result_properties)),
        sources=frozenset(lead_source_of(definition) for definition in live) | {names.lead_source},
    )


def destination_names(account: AccountDetails = NO_ACCOUNT) -> Destination:
    """The configured names alone. No query."""
    return Destination(
        pipeline=settings.HUBSPOT_PIPELINE,
        deal_stage=settings.HUBSPOT_DEAL_STAGE,
        deal_amount=settings.HUBSPOT_DEAL_AMOUNT,
        deal_close_days=settings.HUBSPOT_DEAL_CLOSE_DAYS,
        lead_source=settings.HUBSPOT_LEAD_SOURCE,
        area_properties=settings.HUBSPOT_AREA_PROPERTIES,
        consent_properties=settings.HUBSPOT_CONSENT_PROPERTIES,
        campaign_properties=settings.HUBSPOT_CAMPAIGN_PROPERTIES,
        sales_properties=settings.HUBSPOT_SALES_PROPERTIES,
        names=settings.HUBSPOT_PROPERTIES,
        portal_id=account.portal_id,
        time_zone=settings.HUBSPOT_TIME_ZONE or account.time_zone or "UTC",
    )
