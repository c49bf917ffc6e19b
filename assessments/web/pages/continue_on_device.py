"""Continue an assessment on another device through a mailed link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.lifecycle.assessment_links import open_assessment_link
from assessments.lifecycle.hand_over import take_over
from assessments.models import LinkPurpose
from assessments.web.cookies import key_in_path, set_token
from assessments.web.error_pages import with_error_pages
from assessments.web.pages.entry import unfinished_session
from scorecard import versions
from scorecard.adaptive.paging import first_open_page, progress
from web import rate_limits
from web.client_address import client_hash


@require_http_methods(["GET", "HEAD", "POST"])
@with_error_pages
def continue_assessment(request: HttpRequest, token: str) -> HttpResponse:
    """Show the progress; continue on POST only, because mail programs prefetch links."""
    rate_limits.enforce_limit("result_views", client_hash(request))
    link = open_assessment_link(token, LinkPurpose.RESUME)
    assessment = link.assessment
    session, definition = assessment.session, versions.get(assessment.version_id).definition
    step = first_open_page(definition, session.responses)
    if request.method == "POST":
        response = redirect("assessments:step", step)
        set_token(response, take_over(link), key_in_path(request))
        return response
    other = unfinished_session(request)
    done = progress(definition, session.responses)
    context = {
        "step": step,
        "total_steps": session.total_steps,
        "answered": done.answered,
        "question_count": done.total,
        "saved_at": session.last_activity,
        "leaves_another": other is not None and other.pk != session.pk and bool(other.responses),
    }
    return render(request, "assessments/continue.html", context)
