"""The session cookie of the form, which contains the token."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from assessments.lifecycle.services import session_lifetime


def cookie_name(key: str) -> str:
    """The cookie of a questionnaire: each has its own, so that one browser can fill in several."""
    name: str = settings.ASSESSMENT_COOKIE_NAME
    return f"{name}_{key}" if key else name


def key_in_path(request: HttpRequest) -> str:
    """The key of the questionnaire under whose path the page is; '' at `/`."""
    key: str = getattr(request, "questionnaire", "")
    return key


def read_token(request: HttpRequest) -> str:
    """The token in the request's cookie, or an empty string."""
    return request.COOKIES.get(cookie_name(key_in_path(request)), "")[:200]


def set_token(response: HttpResponse, token: str, key: str = "") -> None:
    """Set or extend the session cookie of the questionnaire with this key in its path.

    Django's `set_cookie` also computes an `Expires`, which browsers leave aside for a `Max-Age`.
    """
    name = cookie_name(key)
    response.cookies[name] = token
    cookie = response.cookies[name]
    cookie["max-age"] = int(session_lifetime().total_seconds())
    cookie["path"] = "/"
    cookie["httponly"] = True
    cookie["samesite"] = "Lax"
    cookie["secure"] = settings.SESSION_COOKIE_SECURE
