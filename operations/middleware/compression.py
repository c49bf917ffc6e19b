"""Response compression, limited to pages that are safe against BREACH.

BREACH infers a secret from the length of responses that contain both the secret and input chosen by an
attacker. The only such input is the query string, so pages with one are not compressed, except the landing
page, which contains no secret, with its campaign parameters. Forms cannot be posted from another site (CSRF),
their token is masked anew in each response, and Django adds random padding. The admin and the API are never
compressed: their responses contain data of many people, and their searches are query strings.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse

NEVER = ("/admin/", "/api/")
TEXTS = ("text/", "image/svg+xml", "application/xml")


class PublicGZipMiddleware(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not compressible(request, response.get("Content-Type", "")):
            return response
        return super().process_response(request, response)


def compressible(request: HttpRequest, kind: str) -> bool:
    if request.path.startswith(NEVER) or not kind.startswith(TEXTS):
        return False
    is_page = kind.startswith("text/html")
    return not (is_page and request.GET) or request.path == reverse("assessments:landing")
