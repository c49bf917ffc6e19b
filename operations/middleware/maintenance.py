"""Maintenance mode: every public page responds 503; health checks and the back office still work.

Enabled by the run-time setting MAINTENANCE, or by a file, which also works during a database outage.
"""

import os
from collections.abc import Callable

from constance import config
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from assessments.web.api_errors import error_response
from branding.brand import last_brand

OPEN = (
    "/admin/",
    "/api/health",
    "/metrics",
    "/brand.css",
    "/brand/",
    "/favicon.ico",
    "/apple-touch-icon.png",
    "/robots.txt",
)
RETRY_SECONDS = 600


class MaintenanceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN) or not is_closed():
            return self.get_response(request)
        response = maintenance_response(request)
        response["Retry-After"] = str(RETRY_SECONDS)
        add_never_cache_headers(response)
        response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log an error
        return response


def is_closed() -> bool:
    """Whether maintenance mode is on. The file is checked first, without a query."""
    if os.path.exists(settings.MAINTENANCE_FILE):  # noqa: PTH110  # a Path costs more than the look
        return True
    try:
        return bool(config.MAINTENANCE)
    except Error:
        return False  # let the view report the outage


def maintenance_response(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        words = "Closed for maintenance. Saved answers are kept."
        return error_response(request, 503, "SERVICE_UNAVAILABLE", words, retry_after=RETRY_SECONDS)
    page = render_to_string("503.html", {"brand": last_brand()})
    return HttpResponse(page, status=503)
