"""The session cookie of the form, which contains the token."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from assessments.lifecycle.services import session_lifetime


def read_token(request: HttpRequest) -> str:
    """The token in the request's cookie, or an empty string."""
    return request.COOKIES.get(settings.ASSESSMENT_COOKIE_NAME, "")[:200]


def set_token(response: HttpResponse, token: str) -> None:
    """Set or extend the session cookie."""
    response.set_cookie(
        settings.ASSESSMENT_COOKIE_NAME,
        token,
        max_age=session_lifetime(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
