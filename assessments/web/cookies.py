"""The one cookie of the form: it holds the token of the session, and nothing else does."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from assessments.lifecycle.services import session_lifetime


def read_token(request: HttpRequest) -> str:
    """The token the browser sent, or an empty string."""
    return request.COOKIES.get(settings.ASSESSMENT_COOKIE_NAME, "")[:200]


def set_token(response: HttpResponse, token: str) -> None:
    """Give the browser its token, or the same token for another while."""
    response.set_cookie(
        settings.ASSESSMENT_COOKIE_NAME,
        token,
        max_age=session_lifetime(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
