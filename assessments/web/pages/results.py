"""The result, and the contact details that make a lead of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessments.bots.honeypot import signs_of
from assessments.lifecycle import consents, services
from assessments.lifecycle.run_links import end_of
from assessments.lifecycle.services import Said
from assessments.models import AssessmentSession, Source
from assessments.models.contact import CONTACT_FIELDS
from assessments.models.email_domains import did_you_mean
from assessments.models.run_link import shared_token
from assessments.results.comparison import compared
from assessments.results.next_step import calendar_link
from assessments.results.result import result_of
from assessments.web.contact_form import LeadForm
from assessments.web.cookies import read_token, set_token
from assessments.web.error_pages import explained
from web import rate_limits
from web.client_address import address_hash
from web.languages import read_in, spoken

PAGE = "assessments/results.html"
PART = "assessments/_lead.html"  # of it, what contact details change


@require_safe
@explained
def results(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    rate_limits.spend("result_views", address_hash(request))
    token = read_token(request)
    session = services.open_result(token, assessment_id)
    known = {field: getattr(session.assessment, field) for field in CONTACT_FIELDS}
    response = show(request, session, LeadForm(initial=known), saved="saved" in request.GET)
    set_token(response, token)
    return response


@require_POST
@explained
def contact(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Set the contact details and show the result again; errors come back beside their fields.

    A script that asks for the part gets the part that changed: nobody loses the place.
    """
    token = read_token(request)
    session = services.open_result(token, assessment_id)
    rate_limits.spend("saves", session.pk)
    template = PART if request.headers.get("X-Part") else PAGE
    form = LeadForm(request.POST)
    if not form.is_valid():
        return show(request, session, form, status=422, template=template)
    said = Said(consents.given(request.POST.getlist("consent")), Source.RESULTS, read_in(request))
    assessment = services.update_contact(token, form.contact(), said, signs_of(request))
    if template == PART:
        session.assessment = assessment
        return show(request, session, LeadForm(initial=form.cleaned_data), saved=True, template=PART)
    return redirect(f"{reverse('assessments:results', args=[assessment_id])}?saved=1#contact")


def shared_url(request: HttpRequest, session: AssessmentSession) -> str:
    """The address that the owner may give away; '' while there is none."""
    token = shared_token(session.shared_link)
    return request.build_absolute_uri(reverse("assessments:shared", args=[token])) if token else ""


def show(
    request: HttpRequest,
    session: AssessmentSession,
    form: LeadForm,
    *,
    saved: bool = False,
    status: int = 200,
    template: str = PAGE,
) -> HttpResponse:
    assessment = session.assessment
    result = result_of(assessment, spoken())
    others = compared(assessment.version_id, result.total, result.scores)
    context = {
        "assessment": assessment,
        "result": result,
        "band": result.band,
        "areas": [(area, others.areas.get(area.key)) for area in result.areas],
        "radar": result.radar,
        "standing": others.total,
        "shared_url": shared_url(request, session),
        "shared_until": end_of(assessment),
        "answers": result.answers,
        "way_up": result.way_up,
        "recommendations": result.advice if assessment.email else (),
        "unlocked": bool(assessment.email),
        "form": form,
        "address_hint": did_you_mean(assessment.email),
        "consents": consents.asked(),
        "ticked": request.POST.getlist("consent"),
        "saved": saved,
        "quality": assessment.lead_quality,
        "briefing": assessment.qualified_for_briefing,
        "calendar_link": calendar_link(briefing=assessment.qualified_for_briefing),
    }
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
