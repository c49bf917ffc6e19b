"""Which language a page speaks: what its address asks for, else what the browser chose or prefers.

Django's LocaleMiddleware would translate the back office too, and leaves its language behind in the thread.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

PARAMETER = "lang"


@dataclass(frozen=True, slots=True)
class Choice:
    """One language that a page can be read in: its code, its name in itself, and where it is."""

    code: str
    name: str
    address: str
    is_shown: bool


def supported(code: str | None) -> str | None:
    """The language of ours that this code asks for ('de-AT' asks for 'de'); None for any other."""
    try:
        return translation.get_supported_language_variant(code or "")
    except LookupError:
        return None


def spoken() -> str:
    """The language that is spoken now."""
    return translation.get_language() or settings.LANGUAGE_CODE


def other_than_spoken(language: str) -> str:
    """The language of a passage ('en') where it is not the one that is spoken now; '' for the same one."""
    code = language.partition("-")[0]
    return "" if code == spoken().partition("-")[0] else code


def read_in(request: HttpRequest) -> str:
    """The language of the page that a form was on, as the form tells it: another tab may have changed it."""
    return supported(request.POST.get(PARAMETER)) or spoken()


class LanguageMiddleware:
    """Every public page in the visitor's language, the back office in English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(reverse("admin:index")):
            return self.get_response(request)
        chosen = supported(request.GET.get(PARAMETER))
        language = chosen or translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        if chosen:
            if response.status_code == 405:  # the page answered a form: what stands above it has that form
                response = redirect(f"{urljoin(path_of(request), '..')}?{PARAMETER}={chosen}")
            remember(response, chosen)
        return response


def remember(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def choices(request: HttpRequest, carried: Mapping[str, str]) -> list[Choice]:
    """This page in every language; what else its address says stays, and what it is told to carry along."""
    shown = spoken()
    return [
        Choice(code, name, address_in(request, code, carried), is_shown=code == shown)
        for code, name in settings.LANGUAGES
    ]


def address_in(request: HttpRequest, language: str, carried: Mapping[str, str]) -> str:
    parameters = request.GET.copy()
    for name, value in (*carried.items(), (PARAMETER, language)):
        parameters[name] = value
    return f"{path_of(request)}?{parameters.urlencode()}"


def path_of(request: HttpRequest) -> str:
    """The path as an address on this host: what begins with two slashes would lead to another one."""
    return escape_leading_slashes(escape_uri_path(request.path))
