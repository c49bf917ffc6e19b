"""Embedding of the form in iframes, under /embed/ only, on sites that the operator allows.

The pages are the same, with another prefix. They allow these frame ancestors, and their cookies are
partitioned, which browsers accept in a cross-site frame.
"""

import re
from collections.abc import Callable

from constance import config
from django.db import Error
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, get_script_prefix, resolve

PREFIX = "/embed/"
ORIGIN = re.compile(r"(?<!\S)https?://[a-z0-9.-]+(?::\d{1,5})?(?!\S)")


def allowed_origins() -> list[str]:
    """The origins that may frame the form; malformed entries are ignored."""
    return ORIGIN.findall(config.EMBED_ORIGINS)


def is_embedded(request: HttpRequest) -> bool:
    """Whether the page is shown in a frame on another site."""
    return bool(getattr(request, "embedded", ""))


class EmbedMiddleware:
    """Serve /embed/. Must precede the cookie and X-Frame-Options middlewares, and follow django-csp's."""

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
    del response["X-Frame-Options"]  # it cannot list origins; frame-ancestors can
    for cookie in response.cookies.values():
        cookie["secure"] = True
        # http.cookies supports the attribute from Python 3.14; until then it is appended to another one.
        cookie["samesite"] = "None; Partitioned"


def redirect_inside_frame(response: HttpResponseBase) -> None:
    """Rewrite a redirect to the page under /embed/ if there is one."""
    before = get_script_prefix()  # the key of a questionnaire, where the path has one
    target = response.get("Location", "")
    if not target.startswith(before) or target.startswith((f"{before}{PREFIX[1:]}", "//")):
        return
    page = f"{PREFIX}{target.removeprefix(before)}"
    inside = f"{before}{page[1:]}"
    try:
        resolve(page.partition("?")[0].partition("#")[0])
    except Resolver404:
        return
    response["Location"] = inside
