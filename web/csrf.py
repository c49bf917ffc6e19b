"""CSRF protection that also works for browsers that send neither Referer nor Origin.

Some browsers and extensions withhold both, or send `Origin: null`. Over HTTPS Django then rejects every form.
`Sec-Fetch-Site: same-origin` is equivalent and cannot be set by a page; token and cookie are still checked.
The two overridden private methods are those of Django 5.2.
"""

import secrets

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, CsrfViewMiddleware, get_token
from django.utils.functional import SimpleLazyObject

PLACES = {letter: place for place, letter in enumerate(CSRF_ALLOWED_CHARS)}
MASKS = len(PLACES) ** CSRF_SECRET_LENGTH


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser declares the request as same-origin."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def unmasked_token(request: HttpRequest) -> str:
    """The CSRF token as its cookie holds it; a new one, with its cookie, for a browser that has none.

    For JSON. Pages mask it against BREACH, which needs a compressed response with text that a stranger chose:
    replies of the API are not compressed, and have no such text.
    """
    if "CSRF_COOKIE" not in request.META:
        get_token(request)
    return str(request.META["CSRF_COOKIE"])


def masked_token(request: HttpRequest) -> str:
    """The CSRF token of a page, masked as Django does it, and its cookie renewed.

    Django draws each letter of the mask by itself, which was a tenth of the page of a step.
    """
    secret = unmasked_token(request)
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    number, mask, masked = secrets.randbelow(MASKS), "", ""
    for letter in secret:
        number, drawn = divmod(number, len(PLACES))
        mask += CSRF_ALLOWED_CHARS[drawn]
        masked += CSRF_ALLOWED_CHARS[(PLACES[letter] + drawn) % len(PLACES)]
    return mask + masked


def token_of_page(request: HttpRequest) -> dict[str, object]:
    """Template context: `csrf_token` in place of Django's, evaluated only by templates with a form."""
    return {"csrf_token": SimpleLazyObject(lambda: masked_token(request))}


class FetchMetadataCsrfMiddleware(CsrfViewMiddleware):
    def _origin_verified(self, request: HttpRequest) -> bool:
        withheld = request.META.get("HTTP_ORIGIN") == "null" and is_same_origin(request)
        return withheld or super()._origin_verified(request)  # type: ignore[misc]  # not in the stubs

    def _check_referer(self, request: HttpRequest) -> None:
        if "HTTP_REFERER" not in request.META and is_same_origin(request):
            return
        super()._check_referer(request)  # type: ignore[misc]  # not in the stubs
