"""The ways in: landing, start, resume."""

from constance import config
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.errors import SessionExpired
from assessments.lifecycle import answer_validation, services
from assessments.lifecycle.visitors import UTM_FIELDS, campaign, referrer_host, visitor_of
from assessments.models import AssessmentSession
from assessments.web.cookies import read_token, set_token
from assessments.web.error_pages import explained
from assessments.web.pages.ab_test import numbered, remember, variants_of, words_for
from assessments.web.pages.social import structured
from branding.brand import current as current_brand
from scorecard import versions
from web import rate_limits
from web.client_address import address_hash
from web.languages import spoken


@require_safe
@explained
def landing(request: HttpRequest) -> HttpResponse:
    """What you get, how long it takes, what happens to your data. Carries the way here into the start."""
    version = versions.current(settings.DEFAULT_QUESTIONNAIRE)
    definition = version.in_language(spoken())
    origin = campaign({name: request.GET.get(name, "") for name in UTM_FIELDS})
    came_from = referrer(request)
    words = words_for(request)
    response = render(
        request,
        "assessments/landing.html",
        {
            "definition": definition,
            "structured": structured(definition, current_brand()),
            "site": settings.PUBLIC_URL,
            "open_session": unfinished(request),
            "retention_days": config.EMAIL_RETENTION_DAYS,
            "hubspot_needs_consent": config.HUBSPOT_NEEDS_CONSENT,
            "origin": origin | ({"referrer": came_from} if came_from else {}),
            "words": words,
        },
    )
    remember(response, words)
    return response


def referrer(request: HttpRequest) -> str | None:
    """The host a visitor came from, which a switch of the language carries along."""
    own_host = request.get_host()
    carried = f"//{request.GET.get('referrer', '')}"
    return referrer_host(request.headers.get("Referer", ""), own_host=own_host) or referrer_host(
        carried, own_host=own_host
    )


def unfinished(request: HttpRequest) -> AssessmentSession | None:
    """The run this browser can go on with."""
    token = read_token(request)
    if not token:
        return None
    try:
        session = services.open_session(token)
    except SessionExpired:
        return None
    return None if session.assessment.completed_at else session


@require_POST
@explained
def start(request: HttpRequest) -> HttpResponse:
    """Open a session; a second click goes on with the first one's, as long as nothing is answered."""
    session = unfinished(request)
    if session and not session.responses:
        return redirect("assessments:step", 1)
    client = address_hash(request)
    rate_limits.spend("starts", client)
    visitor = visitor_of(
        request.headers,
        parameters={name: request.POST.get(name, "") for name in UTM_FIELDS},
        referrer=request.POST.get("referrer", ""),
        address_hash=client,
        variants=variants_of(numbered(request)),
    )
    started = services.start(versions.current(settings.DEFAULT_QUESTIONNAIRE), visitor)
    response = redirect("assessments:step", 1)
    set_token(response, started.token)
    return response


@require_safe
@explained
def resume(request: HttpRequest) -> HttpResponse:
    """Where this browser's run stands and the way on: the open step, the result, or a new start."""
    session = services.open_session(read_token(request))
    if session.assessment.completed_at:
        return redirect("assessments:results", session.assessment.id)
    definition = versions.get(session.assessment.version_id).in_language(spoken())
    step = answer_validation.first_open_step(definition, session.responses)
    return render(
        request,
        "assessments/resume.html",
        {
            "definition": definition,
            "step": step,
            "total_steps": session.total_steps,
            "answered": len(session.responses),
            "question_count": len(definition.questions),
        },
    )
