"""The score on a link that its owner makes and withdraws: never who, nor what was answered."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from assessments.lifecycle import services
from assessments.lifecycle.run_links import end_of, opened
from assessments.models import LinkPurpose, RunLink
from assessments.models.run_link import shared_token
from assessments.results.result import result_of
from assessments.web.cookies import read_token
from assessments.web.error_pages import explained
from assessments.web.pages.reports import paper
from web import rate_limits
from web.client_address import address_hash
from web.languages import spoken


@require_POST
@explained
def share(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Make the link, or withdraw it, and go back to where it is shown. Either twice is as good as once."""
    session = services.open_result(read_token(request), assessment_id)
    rate_limits.spend("saves", session.pk)
    links = RunLink.objects.filter(assessment=session.assessment, purpose=LinkPurpose.SHARED)
    if request.POST.get("action") == "withdraw":
        links.revoke()
    else:
        if session.shared_link and not shared_token(session.shared_link):
            links.filter(pk=session.shared_link["id"]).revoke()  # of another SECRET_KEY: nobody can show it
        RunLink.objects.share(session.assessment, expires_at=end_of(session.assessment))
    return redirect(f"{reverse('assessments:results', args=[assessment_id])}#share")


@require_safe
@explained
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Score, category and areas, for whoever has the link."""
    rate_limits.spend("result_views", address_hash(request))
    result = result_of(opened(token, LinkPurpose.SHARED).assessment, spoken())
    context = {
        "result": result,
        "band": result.band,
        "total": result.total,
        "areas": result.areas,
        "radar": result.radar,
        "url": request.build_absolute_uri(),
    }
    response = render(request, "assessments/shared.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@explained
def mailed_report(request: HttpRequest, token: str) -> HttpResponse:
    """The report of a mail, in its language, without a name: its reader may not be who filled in the form."""
    rate_limits.spend("result_views", address_hash(request))
    run = opened(token, LinkPurpose.REPORT).assessment
    with translation.override(run.language):
        return paper(run)
