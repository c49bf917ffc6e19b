"""Assign each request an id, for log lines, error bodies and the `X-Request-ID` header."""

import random
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["REQUEST_ID"] = f"{random.getrandbits(128):032x}"  # an id, not a secret
        token = request_id.set(request.META["REQUEST_ID"])
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = request.META["REQUEST_ID"]
        return response
