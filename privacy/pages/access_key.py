"""The browser's key to the privacy page: stored in a cookie, so that it never appears in later URLs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments.models import PrivacyLink
from assessments.web.error_pages import with_error_pages

Page = Callable[..., HttpResponse]


def redirect_with_key(token: str, page: str = "privacy:yours") -> HttpResponse:
    """Redirect to a page of the person, with the key in a session cookie."""
    response = redirect(page)
    response.set_cookie(
        settings.PRIVACY_COOKIE_NAME,
        token,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def link_of_browser(request: HttpRequest) -> PrivacyLink | None:
    """Return the link whose key this browser has, or None when it is no longer valid."""
    token = request.COOKIES.get(settings.PRIVACY_COOKIE_NAME, "")[:200]
    return PrivacyLink.objects.opened_by(token) if token else None


def with_key(page: Page) -> Page:
    """Decorate a view to receive the link as an argument; without one it explains how to get a link.

    A page that was made with another person's link is refused: it must not change what is this one's.
    """

    @wraps(page)
    @with_error_pages
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        link = link_of_browser(request)
        if link is None:
            return render(request, "privacy/no_key.html", status=410)
        if (request.POST or request.GET).get("page", link.page_mark) != link.page_mark:
            return render(request, "privacy/other_page.html", status=409)
        return page(request, link, *args, **kwargs)

    return answer
