"""The PDF report, for the browser that owns the result."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from assessments.lifecycle import services
from assessments.lifecycle.address_proof import shows_details
from assessments.models import Assessment
from assessments.results.comparison import compare
from assessments.results.report import Report, render_report
from assessments.results.result import Result, result_of
from assessments.web.cookies import key_in_path, read_token, set_token
from assessments.web.error_pages import with_error_pages
from web import rate_limits
from web.client_address import client_hash
from web.languages import current_language


@require_safe
@with_error_pages
def own_report(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """The report with the company name that was typed in this browser."""
    rate_limits.enforce_limit("result_views", client_hash(request))
    token = read_token(request)
    session = services.open_result(token, assessment_id)
    response = pdf_response(
        session.assessment, made_for=(session.assessment.company or "") if shows_details(session) else ""
    )
    set_token(response, token, key_in_path(request))
    return response


def pdf_response(assessment: Assessment, *, made_for: str = "") -> HttpResponse:
    """The report of a finished assessment as a download that search engines must not index."""
    result = result_of(assessment, current_language())
    pdf = render_report(
        Report(
            result,
            unlocked=bool(assessment.email),
            briefing=assessment.qualified_for_briefing,
            others=compare(assessment.version_id, result.total, result.scores),
            made_for=made_for,
        )
    )
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(result)}"',
            "X-Robots-Tag": "noindex",
        },
    )


def file_name(result: Result) -> str:
    """`ai-reality-check-33.pdf`: what it is, and nothing that identifies a person."""
    name = result.key.replace("_", "-") or "result"
    return f"{name}.pdf" if result.total is None else f"{name}-{result.total}.pdf"
