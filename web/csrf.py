"""CSRF protection that also works for browsers that send neither Referer nor Origin.

Some browsers and extensions withhold both, or send `Origin: null`. Over HTTPS Django then rejects every form.
`Sec-Fetch-Site: same-origin` is equivalent and cannot be set by a page; token and cookie are still checked.
The two overridden private methods are those of Django 5.2.
"""

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware, get_token


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser declares the request as same-origin."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def unmasked_token(request: HttpRequest) -> str:
    """The CSRF token as its cookie holds it; a new one, with its cookie, for a browser that has none.

    For JSON. Pages have Django's mask against BREACH, which needs a compressed response with text that a
    stranger chose: replies of the API are not compressed, and have no such text.
    """
    if "CSRF_COOKIE" not in request.META:
        get_token(request)
    return str(request.META["CSRF_COOKIE"])


class FetchMetadataCsrfMiddleware(CsrfViewMiddleware):
    def _origin_verified(self, request: HttpRequest) -> bool:
        withheld = request.META.get("HTTP_ORIGIN") == "null" and is_same_origin(request)
        return withheld or super()._origin_verified(request)  # type: ignore[misc]  # not in the stubs

    def _check_referer(self, request: HttpRequest) -> None:
        if "HTTP_REFERER" not in request.META and is_same_origin(request):
            return
        super()._check_referer(request)  # type: ignore[misc]  # not in the stubs
