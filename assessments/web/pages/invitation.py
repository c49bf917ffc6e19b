"""Asking colleagues: the link that a result's holder makes, and the page behind it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from assessments.lifecycle import services
from assessments.lifecycle.invitations import invite, note_invited, open_invitation
from assessments.models import Invitation
from assessments.web.cookies import key_in_path, read_token, set_token
from assessments.web.error_pages import with_error_pages
from assessments.web.pages.ab_test import visitor_number
from assessments.web.pages.entry import own_session
from assessments.web.starting import start_session
from scorecard import versions
from web import rate_limits
from web.client_address import client_hash
from web.languages import current_language

ORIGIN = {"utm_source": "colleague"}


@require_POST
@with_error_pages
def invite_colleagues(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Make the link for colleagues and return to the result. Idempotent."""
    session = services.open_result(read_token(request), assessment_id)
    rate_limits.enforce_limit("saves", session.pk)
    invite(session.assessment)
    return redirect(f"{reverse('assessments:results', args=[assessment_id])}#share")


@require_http_methods(["GET", "HEAD", "POST"])
@with_error_pages
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invited person is asked, and what the sender will see; starting on POST only.

    The page tells nothing of the sender: whoever holds the link may be anybody.
    """
    rate_limits.enforce_limit("result_views", client_hash(request))
    found = open_invitation(token)
    session = own_session(request)
    is_own = session is not None and session.assessment.pk == found.assessment_id
    if request.method == "POST" and not is_own:
        return start_invited(request, found)
    context = {
        "definition": versions.get(found.assessment.version_id).in_language(current_language()),
        "session": session,
        "is_own": is_own,
    }
    response = render(request, "assessments/invitation.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def start_invited(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Start on the version that the sender answered, so that the scores can be compared."""
    version = versions.get(found.assessment.version_id)
    started, _ = start_session(
        request,
        ORIGIN,
        visitor_number=visitor_number(request),
        key=version.definition.key,
        version=version,
    )
    if request.POST.get("counted") == "yes":
        note_invited(started.session.assessment, found)
    response = redirect("assessments:step", 1)
    set_token(response, started.token, key_in_path(request))
    return response
