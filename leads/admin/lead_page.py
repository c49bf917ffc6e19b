"""The context of the lead page: contact details, sales brief, answers, and the work on the lead."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from assessments.models.signs import Sign
from assessments.results.result import result_of
from assessments.results.transcript import transcript
from leads.admin.columns import URGENCY_TONES
from leads.admin.forms import ContactForm
from leads.brief import briefing
from leads.clock import Urgency
from leads.models import EventKind, LeadEvent, LeadNote, LeadWork, Outcome
from leads.record_urls import CONTACTS, record_url
from scorecard import versions
from web.formatting import duration_in_words, minutes_and_seconds

MOST_EVENTS = 100


def lead_page(request: HttpRequest, lead: Any) -> dict[str, Any]:
    version = versions.get(lead.version_id)
    answered = transcript(version.definition, lead.responses, lead.score_breakdown or {})
    return {
        "title": str(lead),
        "lead": lead,
        "version": version,
        "result": result_of(lead),
        "areas": answered,
        "briefing": briefing(answered),
        "doubts": [Sign(doubt).label for doubt in lead.doubts],
        "age": duration_in_words(lead.age),
        "urgency": Urgency(lead.urgency),
        "urgency_tone": URGENCY_TONES[Urgency(lead.urgency)],
        "language": dict(settings.LANGUAGES).get(lead.language, lead.language),
        "duration": minutes_and_seconds(lead.completion_time_seconds or 0),
        "hubspot_url": record_url(CONTACTS, lead.hubspot_contact_id),
        **work_on_page(request, lead),
    }


def work_on_page(request: HttpRequest, lead: Any) -> dict[str, Any]:
    """Return owner, notes and history of the lead, and the form to record a contact."""
    work = LeadWork.objects.filter(pk=lead.pk).select_related("owner").first()
    planned = work.follow_up_on if work and work.follow_up_on and work.follow_up_on >= today() else None
    events = LeadEvent.objects.filter(assessment=lead).select_related("actor", "owner")
    return {
        "work": work,
        "may_work": request.user.has_perm("leads.work_lead") and not lead.email_scrubbed_at,
        "may_release": work and (work.owner == request.user or request.user.has_perm("leads.assign_lead")),
        "contact_form": getattr(request, "contact_form", None)
        or ContactForm(initial={"follow_up_on": planned}),
        "notes": LeadNote.objects.filter(assessment=lead).select_related("author"),
        "events": [(event, event_in_words(event)) for event in events[:MOST_EVENTS]],
    }


def event_in_words(event: LeadEvent) -> str:
    """`Outcome: Reached`, `Assigned to Sam`, `Follow-up: 2026-12-01`."""
    label = str(event.get_kind_display())
    match event.kind:
        case EventKind.ASSIGNED if event.owner:
            return f"{label} to {event.owner.get_full_name()}"
        case EventKind.OUTCOME:
            return f"{label}: {Outcome(event.value).label}"
        case EventKind.FOLLOW_UP:
            return f"{label}: {event.value or 'none'}"
    return f"{label}: {event.detail}" if event.detail else label


def today() -> date:
    return timezone.localdate()
