"""From the database to the values that the mapping takes: read at the moment of sending."""

from collections.abc import Collection

from django.conf import settings

from assessments.models import Assessment
from hubspot_sync.mapping import Destination, Lead


def lead_of(assessment: Assessment) -> Lead | None:
    """The lead as it stands now; None when there is none to send: unfinished, no address, or scrubbed."""
    if not (assessment.email and assessment.completed_at and assessment.lead_quality):
        return None
    return Lead(
        key=str(assessment.pk),
        email=assessment.email.lower(),
        first_name=assessment.first_name,
        last_name=assessment.last_name,
        company=assessment.company,
        phone=assessment.phone,
        total_score=assessment.total_score or 0,
        areas=assessment.score_breakdown or {},
        category=assessment.score_category or "",
        quality=assessment.lead_quality,
        completed_at=assessment.completed_at,
        completion_seconds=assessment.completion_time_seconds or 0,
    )


def newest_of_each_person(leads: Collection[Lead]) -> dict[str, Lead]:
    """By address the last run that person finished, among these and all others that we have.

    A row that comes late, after a failure say, must not put an older score over a newer one.
    """
    others = Assessment.objects.leads().filter(email__in={lead.email for lead in leads})
    runs = [*leads, *filter(None, map(lead_of, others))]
    return {lead.email: lead for lead in sorted(runs, key=lambda lead: (lead.completed_at, lead.key))}


def destination() -> Destination:
    """The configured names of the HubSpot account."""
    return Destination(
        pipeline=settings.HUBSPOT_PIPELINE,
        deal_stage=settings.HUBSPOT_DEAL_STAGE,
        deal_amount=settings.HUBSPOT_DEAL_AMOUNT,
        deal_close_days=settings.HUBSPOT_DEAL_CLOSE_DAYS,
        lead_source=settings.HUBSPOT_LEAD_SOURCE,
        area_properties=settings.HUBSPOT_AREA_PROPERTIES,
    )
