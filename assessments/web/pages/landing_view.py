"""Which requests for the landing page are a view, and what of them is counted."""

from collections.abc import Mapping
from datetime import UTC
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from assessments.lifecycle.visitors import browser_info
from assessments.statistics.view_counting import View, add_view
from assessments.web.starting import is_signed_in_staff
from web.languages import PARAMETER, current_language


def count_landing_view(
    request: HttpRequest, version: UUID, origin: Mapping[str, str], referrer: str | None
) -> None:
    """Count a view; requests of robots and staff, prefetches and switches of language are none."""
    device = device_of(request)
    if device == "bot" or is_switch_of_language(request) or is_signed_in_staff(request):
        return
    add_view(
        View(
            timezone.now().astimezone(UTC).date().isoformat(),
            str(version),
            current_language(),
            device,
            referrer or "",
            origin.get("utm_source", ""),
            origin.get("utm_medium", ""),
            origin.get("utm_campaign", ""),
        )
    )


def device_of(request: HttpRequest) -> str:
    """The device class; `bot` too for what asks for no page, or for one that nobody looks at yet."""
    headers = request.headers
    is_early = "prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", ""))
    if request.method != "GET" or is_early or "text/html" not in headers.get("Accept", ""):
        return "bot"
    return browser_info(headers.get("User-Agent", ""))["device"]


def is_switch_of_language(request: HttpRequest) -> bool:
    """Whether this page was asked for by its own links to other languages."""
    try:
        came_from = urlsplit(request.headers.get("Referer", "")).netloc
    except ValueError:
        return False
    return PARAMETER in request.GET and came_from == request.get_host()
