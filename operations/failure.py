"""The page of an error that nobody expected."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from branding.brand import remembered


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database: that may be what failed."""
    return HttpResponse(render_to_string("500.html", {"brand": remembered()}), status=500)
