"""The report to keep, for the browser that made the result."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from assessments.lifecycle import services
from assessments.models import Assessment
from assessments.results.comparison import compared
from assessments.results.report import Paper, report
from assessments.results.result import result_of
from assessments.web.cookies import read_token, set_token
from assessments.web.error_pages import explained
from web import rate_limits
from web.client_address import address_hash
from web.languages import spoken

FILE_NAME = "my-result.pdf"  # like every other: it tells nothing of anybody


@require_safe
@explained
def own_report(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """With the name of the company, which was typed in this browser."""
    rate_limits.spend("result_views", address_hash(request))
    token = read_token(request)
    session = services.open_result(token, assessment_id)
    response = paper(session.assessment, made_for=session.assessment.company or "")
    set_token(response, token)
    return response


def paper(assessment: Assessment, *, made_for: str = "") -> HttpResponse:
    """The report of a finished run as a file, which nobody indexes."""
    result = result_of(assessment, spoken())
    pdf = report(
        Paper(
            result,
            unlocked=bool(assessment.email),
            briefing=assessment.qualified_for_briefing,
            others=compared(assessment.version_id, result.total, result.scores),
            made_for=made_for,
        )
    )
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{FILE_NAME}"',
            "X-Robots-Tag": "noindex",
        },
    )
