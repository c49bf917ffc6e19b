"""Entry pages: landing, start and resume."""

from constance import config
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.errors import SessionExpired
from assessments.lifecycle import services
from assessments.lifecycle.visitors import campaign_values, referrer_host
from assessments.models import AssessmentSession
from assessments.results.comparison import crowd
from assessments.results.sample import sample_result
from assessments.retention import retention_period
from assessments.web.cookies import key_in_path, read_token, set_token
from assessments.web.error_pages import with_error_pages
from assessments.web.pages.ab_test import set_visitor_cookie, visitor_number, wording_for
from assessments.web.pages.landing_view import count_landing_view
from assessments.web.pages.social import structured_data
from assessments.web.questionnaires import requested_key
from assessments.web.starting import is_of, newer_version, start_session
from branding.brand import current_brand
from scorecard import versions
from scorecard.adaptive.paging import first_open_page, progress
from web.iframe import is_embedded
from web.languages import current_language


@require_safe
@with_error_pages
def landing(request: HttpRequest) -> HttpResponse:
    """The landing page; forwards referrer and campaign to the start form."""
    version = versions.current(requested_key(request))
    definition = version.in_language(current_language())
    origin = campaign_values(request.GET.dict())
    came_from = referrer(request)
    words = wording_for(request)
    response = render(
        request,
        "assessments/landing.html",
        {
            "version": version.id,
            "definition": definition,
            "sample": sample_result(definition),
            "crowd": crowd(version.id) if definition.has_score else None,
            "structured": structured_data(definition, current_brand()),
            "site": settings.PUBLIC_URL,
            "session": own_session(request),
            "retention_days": retention_period().days,
            "hubspot_needs_consent": config.HUBSPOT_NEEDS_CONSENT,
            "origin": origin | ({"referrer": came_from} if came_from else {}),
            "words": words,
            "begins_at_form": request.GET.get("start") == "form" and is_embedded(request),
        },
    )
    set_visitor_cookie(response, words)
    count_landing_view(request, version.id, origin, came_from)
    return response


def referrer(request: HttpRequest) -> str | None:
    """The referrer host: from the Referer header, or forwarded by a language switch."""
    own_host = request.get_host()
    carried = f"//{request.GET.get('referrer', '')}"
    return referrer_host(request.headers.get("Referer", ""), own_host=own_host) or referrer_host(
        carried, own_host=own_host
    )


def own_session(request: HttpRequest) -> AssessmentSession | None:
    """The open session of this browser, whether or not its assessment is finished."""
    token = read_token(request)
    if not token:
        return None
    try:
        return services.open_session(token)
    except SessionExpired:
        return None


def unfinished_session(request: HttpRequest) -> AssessmentSession | None:
    """The open session of this browser, if its assessment is unfinished."""
    session = own_session(request)
    return None if session is None or session.assessment.completed_at else session


@require_POST
@with_error_pages
def start_or_continue(request: HttpRequest) -> HttpResponse:
    """Open a session; a repeated click reuses it as long as it has no answer.

    `take_along`: on the newer version, with the answers that still fit.
    """
    session = unfinished_session(request)
    if session and not is_of(session, requested_key(request)):
        session = None
    moves = session is not None and "take_along" in request.POST and newer_version(session) is not None
    if session and not session.responses and not moves:
        return redirect("assessments:step", 1)
    started, _ = start_session(
        request,
        request.POST.dict(),
        visitor_number=visitor_number(request),
        key=requested_key(request),
        before=session if moves else None,
    )
    response = redirect("assessments:step", 1)
    set_token(response, started.token, key_in_path(request))
    return response


@require_safe
@with_error_pages
def resume(request: HttpRequest) -> HttpResponse:
    """The progress of this browser's assessment, with links to continue or to start over."""
    session = services.open_session(read_token(request))
    if session.assessment.completed_at:
        return redirect("assessments:results", session.assessment.id)
    definition = versions.get(session.assessment.version_id).in_language(current_language())
    done = progress(definition, session.responses)
    step = first_open_page(definition, session.responses)
    return render(
        request,
        "assessments/resume.html",
        {
            "definition": definition,
            "step": step,
            "total_steps": session.total_steps,
            "answered": done.answered,
            "question_count": done.total,
            "is_renewed": is_of(session, requested_key(request)) and newer_version(session) is not None,
        },
    )
