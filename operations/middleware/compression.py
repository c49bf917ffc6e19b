"""Pages travel compressed where nobody else can choose a part of what is compressed.

BREACH reads a secret by the length of answers that hold both the secret and something the attacker chose.
What somebody else can choose of a visit is the query of its address, so a page with a query goes as it is;
only the landing page, which knows nothing of anybody, is compressed with its campaign too. Forms cannot be
sent from elsewhere (CSRF), their token is masked anew in every page, and Django adds a random number of
bytes. The admin and the API are left out: their answers hold many people, and their searches are queries.
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
