"""The form in a frame on the sites that an operator names: everything under /embed/ and nothing else.

The pages are the same ones, under another prefix. Here is what differs: who may frame them, and cookies
that a browser keeps for a frame of another site (partitioned by the site around it: they follow nobody).
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
    """The sites that may frame the form; what is no origin is none."""
    return ORIGIN.findall(config.EMBED_ORIGINS)


class EmbedMiddleware:
    """Before the middlewares of cookies and frames, after that of the content policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        try:
            origins = allowed_origins()
        except Error:
            return self.get_response(request)  # whatever the page needs tells what is wrong
        if not origins:
            raise Http404
        request.embedded = " ".join(origins)  # type: ignore[attr-defined]  # for templates
        response = self.get_response(request)
        allow(response, origins)
        stay(response)
        return response


def allow(response: HttpResponseBase, origins: list[str]) -> None:
    """Let these sites frame the answer, and its cookies be kept there."""
    response._csp_replace = {"frame-ancestors": origins}  # type: ignore[attr-defined]  # read by django-csp
    del response["X-Frame-Options"]  # it cannot name sites; frame-ancestors does
    for cookie in response.cookies.values():
        cookie["secure"] = True
        # Python knows the attribute from 3.14 on; until then it is written behind the one before.
        cookie["samesite"] = "None; Partitioned"


def stay(response: HttpResponseBase) -> None:
    """A redirect to a page that is there in the frame too leads to that."""
    target = response.get("Location", "")
    if not target.startswith("/") or target.startswith((PREFIX, "//")):
        return
    inside = f"{PREFIX}{target[1:]}"
    try:
        resolve(inside.partition("?")[0].partition("#")[0])
    except Resolver404:
        return
    response["Location"] = inside
