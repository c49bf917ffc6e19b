"""Going on with a run on another device, by a link that was mailed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.lifecycle import answer_validation
from assessments.lifecycle.run_links import opened
from assessments.models import LinkPurpose
from assessments.models.session import further_token
from assessments.web.cookies import set_token
from assessments.web.error_pages import explained
from assessments.web.pages.entry import unfinished
from scorecard import versions
from web import rate_limits
from web.client_address import address_hash


@require_http_methods(["GET", "HEAD", "POST"])
@explained
def go_on(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is there, and go on at a click: mail programs open links just to look at them."""
    rate_limits.spend("result_views", address_hash(request))
    run = opened(token, LinkPurpose.RESUME).assessment
    session, definition = run.session, versions.get(run.version_id).definition
    step = answer_validation.first_open_step(definition, session.responses)
    if request.method == "POST":
        response = redirect("assessments:step", step)
        set_token(response, further_token(session))
        return response
    other = unfinished(request)
    context = {
        "step": step,
        "total_steps": session.total_steps,
        "answered": len(session.responses),
        "question_count": len(definition.questions),
        "saved_at": session.last_activity,
        "leaves_another": other is not None and other.pk != session.pk and bool(other.responses),
    }
    return render(request, "assessments/continue.html", context)
