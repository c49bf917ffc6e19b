"""Turns every AssessmentError into a page that says what happened and what to do next."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from assessments.errors import (
    AlreadySubmitted,
    AssessmentNotFound,
    DetailsLocked,
    Incomplete,
    LinkClosed,
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
    """Decorates a view: its errors become pages, and responses are never cached."""

    @wraps(page)
    @never_cache
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return page(request, *args, **kwargs)
        except (SessionExpired, ResultOfAnother) as error:
            return expired_page(request, error)
        except LinkClosed as error:
            return link_closed_page(request, error)
        except AssessmentNotFound as error:
            raise Http404 from error
        except (Incomplete, AlreadySubmitted, DetailsLocked):
            return redirect("assessments:resume")
        except TooManyRequests as error:
            return too_many_requests_page(request, error)
        except NothingPublished as error:
            logger.error("%s", error)  # our own words: they name the command to run
            return render(request, "assessments/nothing_published.html", status=503)

    return answer


def expired_page(request: HttpRequest, error: SessionExpired | ResultOfAnother) -> HttpResponse:
    """410 for a browser with a token, 404 for one without.

    A result that does not open looks the same for any id, whether or not it exists.
    """
    had_one = isinstance(error, SessionExpired) and read_token(request)
    if isinstance(error, ResultClosed | ResultOfAnother):
        page = "result_closed"
    else:
        page = "expired" if had_one else "nothing_to_resume"
    return render(request, f"assessments/{page}.html", status=410 if had_one else 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A failed CSRF check; in a frame most likely because the browser blocks the cookie."""
    in_a_frame = getattr(request, "embedded", "")
    return render(request, "assessments/no_cookies.html" if in_a_frame else "403_csrf.html", status=403)


def link_closed_page(request: HttpRequest, error: LinkClosed) -> HttpResponse:
    """Why the link no longer works, and what to do instead."""
    status = 404 if error.reason == "unknown" else 410
    context = {"purpose": error.purpose, "reason": error.reason}
    return render(request, "assessments/link_closed.html", context, status=status)


def too_many_requests_page(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
    minutes = -(-error.retry_after // 60)
    response = render(request, "assessments/too_many_requests.html", {"retry_minutes": minutes}, status=429)
    for name, value in error.headers.items():
        response[name] = value
    return response
