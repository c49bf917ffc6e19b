"""The result page and its contact form."""

from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from constance import config
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.bots.honeypot import honeypot_signs
from assessments.lifecycle import consents, services
from assessments.lifecycle.address_proof import is_proven_for, may_change_details, shows_details
from assessments.lifecycle.assessment_links import links_end_at
from assessments.lifecycle.invitations import count_colleagues
from assessments.lifecycle.services import ConsentChoice
from assessments.models import Assessment, AssessmentSession, ConsentSource, Purpose
from assessments.models.assessment_link import shared_token
from assessments.models.contact import CONTACT_FIELDS
from assessments.models.email_domains import did_you_mean
from assessments.results.colleagues import compare_with_colleagues
from assessments.results.comparison import Comparison, compare
from assessments.results.insight_words import insight_in_words
from assessments.results.next_step import next_step
from assessments.results.result import Result, result_of
from assessments.retention import retention_period
from assessments.web.contact_form import ResultForm
from assessments.web.cookies import key_in_path, read_token, set_token
from assessments.web.error_pages import with_error_pages
from branding.brand import current_brand
from web import rate_limits
from web.client_address import client_hash
from web.languages import current_language, page_language

PAGE = "assessments/results.html"
PART = "assessments/_lead.html"  # the part of the page that contact details change


@require_safe
@with_error_pages
def results(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    rate_limits.enforce_limit("result_views", client_hash(request))
    token = read_token(request)
    session = services.open_result(token, assessment_id)
    shown = (*CONTACT_FIELDS, "call_time") if shows_details(session) else ()
    known = {field: getattr(session.assessment, field) for field in shown}
    response = render_result(request, session, ResultForm(initial=known), saved="saved" in request.GET)
    set_token(response, token, key_in_path(request))
    return response


@require_POST
@with_error_pages
def save_contact(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Save the contact details and show the result again, or the form with its errors.

    With the header X-Part only the changed part of the page is returned.
    """
    token = read_token(request)
    session = services.open_result(token, assessment_id)
    rate_limits.enforce_limit("saves", session.pk)
    template = PART if request.headers.get("X-Part") else PAGE
    form = ResultForm(request.POST)
    if not form.is_valid():
        return render_result(request, session, form, status=422, template=template)
    consent = ConsentChoice(
        consents.ticked_choices(request.POST.getlist("consent")),
        ConsentSource.RESULTS,
        page_language(request),
    )
    assessment = services.update_contact(
        token, form.contact(), consent, honeypot_signs(request), form.cleaned_data["call_time"]
    )
    if template == PART:
        session.assessment = assessment
        return render_result(
            request, session, ResultForm(initial=form.cleaned_data), saved=True, template=PART
        )
    return redirect(f"{reverse('assessments:results', args=[assessment_id])}?saved=1#contact")


def shared_url(request: HttpRequest, session: AssessmentSession) -> str:
    """The public URL of the shared score; '' without one."""
    token = shared_token(session.shared_link)
    return request.build_absolute_uri(reverse("assessments:shared", args=[token])) if token else ""


def colleague_parts(request: HttpRequest, session: AssessmentSession, result: Result) -> dict[str, Any]:
    """The link for colleagues, a mail to write with it and nothing of this result, and what they scored."""
    token = shared_token(session.invitation)
    if session.invitation is None or not token:
        return {}
    link = request.build_absolute_uri(reverse("assessments:invitation", args=[token]))
    body = _("I answered these questions about our company. How would you answer them?")
    mail = urlencode({"subject": result.questionnaire, "body": f"{body} {link}"}, quote_via=quote)
    colleagues = compare_with_colleagues(
        count_colleagues(UUID(session.invitation["id"])),
        total=result.total,
        areas=[(area.key, area.name, area.score) for area in result.areas],
    )
    return {"invitation_url": link, "colleague_mail": f"mailto:?{mail}", "colleagues": colleagues}


def agreed_texts(assessment: Assessment) -> dict[Purpose, str]:
    """The texts of the consents given in this assessment."""
    if not assessment.email:
        return {}
    choices = consents.choices_in(assessment.email, assessment.pk)
    version = assessment.version_id
    return {each: consents.consent_text(each, version=version) for each, given in choices.items() if given}


def render_result(
    request: HttpRequest,
    session: AssessmentSession,
    form: ResultForm,
    *,
    saved: bool = False,
    status: int = 200,
    template: str = PAGE,
) -> HttpResponse:
    assessment = session.assessment
    result = result_of(assessment, current_language())
    agreed = agreed_texts(assessment) if saved else {}
    unlocked = bool(assessment.email) or not result.asks_address
    others = compare(assessment.version_id, result.total, result.scores)
    context = {
        **result_parts(result, others, unlocked=unlocked),
        "assessment": assessment,
        "shared_url": shared_url(request, session),
        "shared_until": links_end_at(assessment),
        **(colleague_parts(request, session, result) if template == PAGE else {}),
        "form": form,
        "may_change_details": may_change_details(session),
        "address_hint": did_you_mean(assessment.email) if shows_details(session) else "",
        "agreed": agreed,
        "to_confirm": None if is_proven_for(assessment, assessment.email or "") else Purpose.MARKETING,
        "consents": [
            box for box in consents.consent_boxes(assessment.version_id) if box.purpose not in agreed
        ],
        "retention_days": retention_period().days,
        "hubspot_needs_consent": config.HUBSPOT_NEEDS_CONSENT,
        "ticked": request.POST.getlist("consent"),
        "saved": saved,
        "quality": assessment.lead_quality,
        "briefing": assessment.qualified_for_briefing,
    }
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def result_parts(result: Result, others: Comparison, *, unlocked: bool) -> dict[str, Any]:
    """What the page shows of a result, whoever it belongs to: with PAGE, enough for a preview."""
    return {
        "result": result,
        "insight": insight_in_words(result.insight),
        "band": result.band,
        "areas": [(area, others.areas.get(area.key)) for area in result.areas],
        "rank": others.total,
        "asks_address": result.asks_address,
        "answers": result.answers,
        "way_up": result.way_up,
        "recommendations": result.further_advice if unlocked else (),
        "unlocked": unlocked,
        "call": next_step(result.band, current_brand(), result.total) if result.has_score else None,
    }
