"""The context of the lead page: contact details, sales brief, answers, and the work on the lead."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from constance import config
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from assessments.lifecycle.assessments_of_person import assessments_of
from assessments.lifecycle.consents import choices_by_assessment
from assessments.models import Assessment
from assessments.models.signs import Sign
from assessments.results.result import Result, result_of
from assessments.results.transcript import transcript
from assessments.web.contact_form import LeadForm
from leads.admin.file_pages import file_links
from leads.admin.forms import ContactOutcomeForm
from leads.admin.sealed_conditions import of_same_company
from leads.briefing.brief import briefing, strongest_lines, weakest_lines
from leads.briefing.consent_words import consent_in_words
from leads.briefing.objections import likely_objections
from leads.briefing.reasons import reasons
from leads.briefing.words import words_of
from leads.clock import URGENCY_TONES, Urgency
from leads.figures.names import DEVICES
from leads.models import ContactOutcome, EventKind, LeadEvent, LeadNote, LeadWork
from leads.phone_numbers import flag, phone_number
from scorecard import versions
from web.backoffice import declarations
from web.formatting import minutes_and_seconds, short_day, time_ago

MOST_EVENTS = 100
MOST_OTHERS = 10


def lead_page(request: HttpRequest, lead: Any) -> dict[str, Any]:
    version = versions.get(lead.version_id)
    language = brief_language(request, lead)
    definition = version.in_language(language)
    answered = transcript(definition, lead.responses, lead.score_breakdown or {})
    result = result_of(lead, language)
    return {
        "title": str(lead),
        "lead": lead,
        "version": version,
        "result": result,
        "areas": answered,
        "files": file_links(request, lead),
        "brief_language": definition.language or language,
        "brief_languages": [(code, name, code == language) for code, name in settings.LANGUAGES],
        "briefing": briefing(answered, words_of(language)),
        "objections": likely_objections(answered, lead.total_score, words_of(language), first_action(result)),
        "doubts": [_(Sign(doubt).label) for doubt in lead.doubts],
        "age": time_ago(lead.age),
        "urgency": Urgency(lead.urgency),
        "urgency_tone": URGENCY_TONES[Urgency(lead.urgency)],
        "quality": quality_in_words(lead),
        "device": DEVICES.get(
            lead.browser_info.get("device"), lead.browser_info.get("device", "").capitalize()
        ),
        "language": dict(settings.LANGUAGES).get(lead.language, lead.language),
        "duration": minutes_and_seconds(lead.completion_time_seconds or 0),
        **caller_needs(lead),
        "strongest": strongest_lines(answered),
        "weakest": weakest_lines(answered),
        "panels": [
            (panel.template, import_string(panel.context)(request, lead))
            for panel in declarations("lead_panels")
            if request.user.has_perm(panel.permission)
        ],
        **work_on_page(request, lead),
    }


def quality_in_words(lead: Any) -> str:
    label: str | None = lead.get_lead_quality_display()
    return _(label) if label else ""


def brief_language(request: HttpRequest, lead: Any) -> str:
    """The language of the brief: as chosen by `?brief=de`, else that of the lead."""
    chosen = request.GET.get("brief", "")
    return chosen if chosen in dict(settings.LANGUAGES) else str(lead.language)


def first_action(result: Result) -> str:
    """The first step of the most urgent advice, '' without one."""
    actions = result.advice[0].action_items if result.advice else ()
    return actions[0].rstrip(".") if actions else ""


def caller_needs(lead: Any) -> dict[str, Any]:
    """Return phone number and local time, consent in words, and other assessments under the address."""
    if lead.email_scrubbed_at or getattr(lead, "is_masked", False):
        return {}
    number = phone_number(lead.phone or "", lead.language) if lead.phone else None
    zone = ZoneInfo(number.zones[0]) if number and len(number.zones) == 1 else None
    others = [each for each in assessments_of(lead.email) if each.pk != lead.pk]
    choices = choices_by_assessment({lead.pk: lead.email})[lead.pk]
    return {
        "number": number,
        "flag": flag(number.country) if number else "",
        "local_time": timezone.now().astimezone(zone) if zone else None,
        "consent": consent_in_words(choices, needed=config.HUBSPOT_NEEDS_CONSENT),
        "reasons": reasons(
            lead.lead_quality,
            lead.contact,
            lead.total_score,
            versions.get(lead.version_id).definition.qualification,
        ),
        "others": others[:MOST_OTHERS],
        "colleagues": colleagues_of(lead, {each.pk for each in others}),
    }


def colleagues_of(lead: Any, known: Collection[Any]) -> list[Assessment]:
    """Return other people's assessments at the same company, newest first. Two queries, or none."""
    if not lead.company:
        return []
    keys = [key for key in of_same_company(lead.company, but=lead.pk) if key not in known][:MOST_OTHERS]
    return list(Assessment.objects.filter(pk__in=keys).order_by("-completed_at")) if keys else []


def work_on_page(request: HttpRequest, lead: Any) -> dict[str, Any]:
    """Return owner, notes and history of the lead, and the form to record a contact."""
    work = LeadWork.objects.filter(pk=lead.pk).select_related("owner").first()
    planned = work.follow_up_on if work and work.follow_up_on and work.follow_up_on >= today() else None
    typed = getattr(request, "lead_forms", {})
    is_open = not (lead.email_scrubbed_at or getattr(lead, "is_masked", False))
    seen = LeadEvent.objects.filter(assessment=lead).select_related("actor", "owner")
    events = seen.exclude(kind=EventKind.VIEWED)
    return {
        "work": work,
        "may_work": request.user.has_perm("leads.work_lead") and is_open,
        "may_release": work and (work.owner == request.user or request.user.has_perm("leads.assign_lead")),
        "contact_form": typed.get("contact_form") or ContactOutcomeForm(initial={"follow_up_on": planned}),
        "correct_form": typed.get("correct_form") or LeadForm(initial=asdict(lead.contact)),
        "may_correct": request.user.has_perm("leads.correct_lead") and is_open,
        "notes": LeadNote.objects.filter(assessment=lead).select_related("author") if is_open else (),
        "events": [
            (event, event_in_words(event)) for event in events.select_related("actor", "owner")[:MOST_EVENTS]
        ],
    }


def event_in_words(event: LeadEvent) -> str:
    """`Outcome: Reached`, `Assigned to Sam`, `Follow-up: 2026-12-01`."""
    label = str(event.get_kind_display())
    match event.kind:
        case EventKind.ASSIGNED if event.owner:
            return _("Assigned to %(name)s") % {"name": event.owner.get_full_name()}
        case EventKind.OUTCOME:
            return f"{label}: {ContactOutcome(event.value).label}"
        case EventKind.FOLLOW_UP:
            return f"{label}: {short_day(date.fromisoformat(event.value)) if event.value else _('none')}"
    return f"{label}: {event.detail}" if event.detail else label


def today() -> date:
    return timezone.localdate()
