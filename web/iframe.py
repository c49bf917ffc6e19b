"""The form in an iframe on sites that the operator allows, under /embed/ only.

The pages are the same, with another prefix. What differs: the allowed frame ancestors, and partitioned
cookies, which browsers accept in a frame of another site.
"""

import re
from collections.abc import Callable

from constance import config
from django.db import Error
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

PREFIX = "/embed/"
ORIGIN = re.compile(r"(?<!\S)https?://[a-z0-9.-]+(?::\d{1,5})?(?!\S)")


def allowed_origins() -> list[str]:
    """The origins that may frame the form; malformed entries are ignored."""
    return ORIGIN.findall(config.EMBED_ORIGINS)


class EmbedMiddleware:
    """Must stand before the middlewares of cookies and X-Frame-Options, after that of the content policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        try:
            origins = allowed_origins()
        except Error:
            return self.get_response(request)  # let the view report the outage
        if not origins:
            raise Http404
        request.embedded = " ".join(origins)  # type: ignore[attr-defined]  # for templates
        response = self.get_response(request)
        allow_framing(response, origins)
        redirect_inside_frame(response)
        return response


def allow_framing(response: HttpResponseBase, origins: list[str]) -> None:
    """Allow these origins to frame the response, and make its cookies partitioned."""
    response._csp_replace = {"frame-ancestors": origins}  # type: ignore[attr-defined]  # read by django-csp
    del response["X-Frame-Options"]  # it cannot name sites; frame-ancestors does
    for cookie in response.cookies.values():
        cookie["secure"] = True
        # Python knows the attribute from 3.14 on; until then it is written behind the one before.
        cookie["samesite"] = "None; Partitioned"


def redirect_inside_frame(response: HttpResponseBase) -> None:
    """Redirect to the page under /embed/ where there is one."""
    target = response.get("Location", "")
    if not target.startswith("/") or target.startswith((PREFIX, "//")):
        return
    inside = f"{PREFIX}{target[1:]}"
    try:
        resolve(inside.partition("?")[0].partition("#")[0])
    except Resolver404:
        return
    response["Location"] = inside
