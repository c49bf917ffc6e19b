"""The language of a page: the `lang` parameter, else the cookie, else Accept-Language.

Django's LocaleMiddleware leaves the language active in the thread. The back office has a form for the choice
and no links: a list of the admin would take `lang` for a filter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

PARAMETER = "lang"
VARY = ("Accept-Language", "Cookie")
LONGEST_ACCEPTED = 501  # characters of Accept-Language; Django reads 500, and cuts at a comma


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """One language of a page: its code, its own name for itself, and the URL."""

    code: str
    name: str
    address: str
    is_shown: bool


def supported_language(code: str | None) -> str | None:
    """The supported language for this code ('de' for 'de-AT'), or None."""
    if not code:
        return None
    try:
        return translation.get_supported_language_variant(code)
    except LookupError:
        return None


def current_language() -> str:
    """The code of the active language, or of the default one while translation is off."""
    return translation.get_language() or settings.LANGUAGE_CODE


def other_language(language: str) -> str:
    """The language code of a passage if it differs from the current one, else ''."""
    code = language.partition("-")[0]
    return "" if code == current_language().partition("-")[0] else code


def page_language(request: HttpRequest) -> str:
    """The language of the page that this form was posted from, taken from its hidden field."""
    return supported_language(request.POST.get(PARAMETER)) or current_language()


@lru_cache(maxsize=1000)
def language_of_browser(cookie: str | None, accepted: str) -> str:
    """The supported language of the cookie, else of Accept-Language, else the default one."""
    request = HttpRequest()
    request.COOKIES = {settings.LANGUAGE_COOKIE_NAME: cookie} if cookie else {}
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    return translation.get_language_from_request(request)


def requested_language(request: HttpRequest) -> str:
    """The language of a visitor who names none in the URL."""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    accepted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    return language_of_browser(cookie and cookie[:20], accepted[:LONGEST_ACCEPTED])


class LanguageMiddleware:
    """Activate the language of the visitor, or of the staff member, while their request is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING")
        chosen = supported_language(request.GET.get(PARAMETER)) if asked else None
        language = chosen or requested_language(request)
        with translation.override(language):
            response = self.get_response(request)
        if "Vary" in response.headers:
            patch_vary_headers(response, VARY)
        else:
            response.headers["Vary"] = ", ".join(VARY)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        if chosen:
            if response.status_code == 405:  # POST only: go to the parent page with the form
                response = redirect(f"{urljoin(path_of(request), '..')}?{PARAMETER}={chosen}")
            set_language_cookie(response, chosen)
        return response


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Set the cookie to the posted `language` and return to `next`; an unknown language changes nothing."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("admin:index")
    response = redirect(target)
    if language := supported_language(request.POST.get("language")):
        set_language_cookie(response, language)
    return response


def set_language_cookie(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def language_choices(request: HttpRequest, carried: Mapping[str, str]) -> list[LanguageChoice]:
    """This page in every language, keeping its query parameters and adding the `carried` ones."""
    shown = current_language()
    return [
        LanguageChoice(code, name, address_in(request, code, carried), is_shown=code == shown)
        for code, name in settings.LANGUAGES
    ]


def address_in(request: HttpRequest, language: str, carried: Mapping[str, str]) -> str:
    parameters = request.GET.copy()
    for name, value in (*carried.items(), (PARAMETER, language)):
        parameters[name] = value
    return f"{path_of(request)}?{parameters.urlencode()}"


def path_of(request: HttpRequest) -> str:
    """The path, escaped so that a leading `//` does not lead to another host."""
    return escape_leading_slashes(escape_uri_path(request.path))
