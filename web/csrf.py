"""CSRF protection that also works for browsers that send neither Referer nor Origin.

Some browsers and extensions withhold both, or send `Origin: null`. Over HTTPS Django then rejects every form.
`Sec-Fetch-Site: same-origin` is equivalent and cannot be set by a page; token and cookie are still checked.
The two overridden private methods and the keys of META are those of Django 5.2.
"""

import secrets

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, CsrfViewMiddleware
from django.utils.functional import SimpleLazyObject

PLACES = {letter: place for place, letter in enumerate(CSRF_ALLOWED_CHARS)}
LETTERS = len(PLACES)


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser declares the request as same-origin."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def unmasked_token(request: HttpRequest) -> str:
    """The CSRF token as its cookie holds it; a new one, with its cookie, for a browser that has none.

    For JSON. Pages have Django's mask against BREACH, which needs a compressed response with text that a
    stranger chose: replies of the API are not compressed, and have no such text.
    """
    if "CSRF_COOKIE" not in request.META:
        renew_token(request)
    return str(request.META["CSRF_COOKIE"])


def page_token(request: HttpRequest) -> dict[str, object]:
    """Template context: `csrf_token` as Django masks it, but in one pass.

    Django draws and shifts one letter after the other, each draw a call of the system.
    """

    def masked() -> str:
        renew_token(request)
        return masked_secret(request.META["CSRF_COOKIE"])

    return {"csrf_token": SimpleLazyObject(masked)}


def masked_secret(secret: str) -> str:
    """A random mask, and the secret shifted by it: what `_unmask_cipher_token` of Django takes apart."""
    mask = [byte % LETTERS for byte in secrets.token_bytes(CSRF_SECRET_LENGTH)]
    moved = [(PLACES[letter] + by) % LETTERS for letter, by in zip(secret, mask, strict=True)]
    return "".join([CSRF_ALLOWED_CHARS[place] for place in (*mask, *moved)])


def renew_token(request: HttpRequest) -> None:
    """Have the middleware set the cookie of the token anew, with a new token where there is none.

    `get_token` would mask the token as well.
    """
    request.META.setdefault("CSRF_COOKIE", secrets.token_hex(CSRF_SECRET_LENGTH // 2))
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True


class FetchMetadataCsrfMiddleware(CsrfViewMiddleware):
    def _origin_verified(self, request: HttpRequest) -> bool:
        withheld = request.META.get("HTTP_ORIGIN") == "null" and is_same_origin(request)
        return withheld or super()._origin_verified(request)  # type: ignore[misc]  # not in the stubs

    def _check_referer(self, request: HttpRequest) -> None:
        if "HTTP_REFERER" not in request.META and is_same_origin(request):
            return
        super()._check_referer(request)  # type: ignore[misc]  # not in the stubs
