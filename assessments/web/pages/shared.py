"""A shared score, behind a link that its owner creates and revokes; without name or answers."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from assessments.lifecycle import services
from assessments.lifecycle.assessment_links import links_end_at, open_assessment_link
from assessments.models import AssessmentLink, LinkPurpose
from assessments.models.assessment_link import shared_token
from assessments.results.result import result_of
from assessments.web.cookies import read_token
from assessments.web.error_pages import with_error_pages
from assessments.web.pages.reports import pdf_response
from web import rate_limits
from web.client_address import client_hash
from web.languages import current_language


@require_POST
@with_error_pages
def share_result(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Create or revoke the link and return to the result. Idempotent."""
    session = services.open_result(read_token(request), assessment_id)
    rate_limits.enforce_limit("saves", session.pk)
    links = AssessmentLink.objects.filter(assessment=session.assessment, purpose=LinkPurpose.SHARED)
    if request.POST.get("action") == "withdraw":
        links.revoke()
    else:
        if session.shared_link and not shared_token(session.shared_link):
            links.filter(
                pk=session.shared_link["id"]
            ).revoke()  # created under another SECRET_KEY: its token is lost
        AssessmentLink.objects.share(session.assessment, expires_at=links_end_at(session.assessment))
    return redirect(f"{reverse('assessments:results', args=[assessment_id])}#share")


@require_safe
@with_error_pages
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Score, category and areas for anyone with the link."""
    rate_limits.enforce_limit("result_views", client_hash(request))
    result = result_of(open_assessment_link(token, LinkPurpose.SHARED).assessment, current_language())
    context = {
        "result": result,
        "band": result.band,
        "total": result.total,
        "areas": result.areas,
        "gauge": result.gauge,
        "url": request.build_absolute_uri(),
        "site": settings.PUBLIC_URL,
    }
    response = render(request, "assessments/shared.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@with_error_pages
def mailed_report(request: HttpRequest, token: str) -> HttpResponse:
    """The report behind a mailed link, in its language; without a name, because the address is not proven."""
    rate_limits.enforce_limit("result_views", client_hash(request))
    assessment = open_assessment_link(token, LinkPurpose.REPORT).assessment
    with translation.override(assessment.language):
        return pdf_response(assessment)
