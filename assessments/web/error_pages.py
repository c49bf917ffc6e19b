"""Turn every AssessmentError into a page that says what happened and what to do next."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import (
    REASON_MALFORMED_REFERER,
    REASON_NO_CSRF_COOKIE,
    REASON_NO_REFERER,
)
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from assessments.errors import (
    AlreadySubmitted,
    AssessmentError,
    AssessmentNotFound,
    DetailsLocked,
    Incomplete,
    LinkClosed,
    OtherAssessment,
    ResultClosed,
    ResultOfAnother,
    SessionExpired,
)
from assessments.web.cookies import read_token
from scorecard.versions import NothingPublished
from web.rate_limits import TooManyRequests

logger = logging.getLogger(__name__)

Page = Callable[..., HttpResponse]


def with_error_pages(page: Page) -> Page:
    """Decorate a view: its errors become pages, and its responses are never cached."""

    @wraps(page)
    @never_cache
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return page(request, *args, **kwargs)
        except AssessmentError as error:
            return error_page(request, error)
        except TooManyRequests as error:
            return too_many_requests_page(request, error)
        except NothingPublished as error:
            logger.error("%s", error)  # messages of our own that name the command to run
            return render(request, "assessments/nothing_published.html", status=503)

    return answer


def error_page(request: HttpRequest, error: AssessmentError) -> HttpResponse:
    """The page of an error; raises Http404 for an assessment that does not exist."""
    if isinstance(error, SessionExpired | ResultOfAnother):
        return expired_page(request, error)
    if isinstance(error, LinkClosed):
        return link_closed_page(request, error)
    if isinstance(error, OtherAssessment):
        return render(request, "assessments/other_assessment.html", status=409)
    if isinstance(error, Incomplete | AlreadySubmitted | DetailsLocked):
        return redirect("assessments:resume")
    if isinstance(error, AssessmentNotFound):
        raise Http404 from error
    raise error


def expired_page(request: HttpRequest, error: SessionExpired | ResultOfAnother) -> HttpResponse:
    """410 for a browser with a token, 404 for one without.

    The page is the same for any result id, whether or not it exists.
    """
    had_one = isinstance(error, SessionExpired) and read_token(request)
    if isinstance(error, ResultClosed | ResultOfAnother):
        page = "result_closed"
    else:
        page = "expired" if had_one else "nothing_to_resume"
    context = {"has_other": isinstance(error, ResultOfAnother)}
    return render(request, f"assessments/{page}.html", context, status=410 if had_one else 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a failed CSRF check; in an iframe most likely caused by a blocked cookie."""
    if getattr(request, "embedded", ""):
        return render(request, "assessments/no_cookies.html", status=403)
    no_sender = (
        reason in (REASON_NO_REFERER, REASON_MALFORMED_REFERER) or request.headers.get("Origin") == "null"
    )
    cause = "no_sender" if no_sender else "no_cookie" if reason == REASON_NO_CSRF_COOKIE else "old_page"
    return render(request, "403_csrf.html", {"cause": cause}, status=403)


def link_closed_page(request: HttpRequest, error: LinkClosed) -> HttpResponse:
    """The page for a link that is no longer valid: the reason, and what to do instead."""
    status = 404 if error.reason == "unknown" else 410
    context = {"purpose": error.purpose, "reason": error.reason}
    return render(request, "assessments/link_closed.html", context, status=status)


def too_many_requests_page(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
    minutes = -(-error.retry_after // 60)
    response = render(request, "assessments/too_many_requests.html", {"retry_minutes": minutes}, status=429)
    for name, value in error.headers.items():
        response[name] = value
    return response
