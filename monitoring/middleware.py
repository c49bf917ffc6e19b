"""Measures requests by area of the product and class of the answer, and opens their trace."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from monitoring.timings import timings
from monitoring.tracing import span

AREAS = (("/admin/", "admin"), ("/api/assessment/", "api"), ("/results/", "result"), ("/step/", "step"))
NOT_MEASURED = ("/static/", "/api/health", "/metrics")


class TimingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(NOT_MEASURED):
            return self.get_response(request)
        begun, status = time.perf_counter(), 500
        try:
            with span(f"{request.method} {area_of(request.path)}"):
                response = self.get_response(request)
            status = response.status_code
        finally:
            label = f"{area_of(request.path)},{request.method},{status // 100}xx"
            timings.observe("request", label, time.perf_counter() - begun)
            timings.flush()
        return response


def area_of(path: str) -> str:
    """A few words, never the path: it may hold a token."""
    return next((area for prefix, area in AREAS if prefix in path), "page")
