"""The page for internal server errors."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from branding.brand import last_brand


def server_error(request: HttpRequest) -> HttpResponse:
    """Render the 500 page without a query: the database may be what failed."""
    return HttpResponse(render_to_string("500.html", {"brand": last_brand()}), status=500)
