"""Unfold's callbacks: navigation and appearance of the back office.

They are referenced by dotted path in settings.UNFOLD.
"""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from operations.attention import attention
from web.backoffice import Place, declarations

GROUPS = {"Sales": _("Sales"), "Form": _("Form"), "Operations": _("Operations")}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of the sidebar, with the entries that this user has permission for.

    One at most is `active`: the page itself, otherwise the nearest above it; the dashboard is above none.
    """
    places = sorted(declarations("places"), key=lambda place: place.order)
    entries = [(place.group, menu_entry(request, place)) for place in places if may_enter(request, place)]
    above = [entry for group, entry in entries if is_above(entry["link"], request.path)]
    if above:
        max(above, key=lambda entry: len(entry["link"]))["active"] = True
    return [
        {"title": title, "items": [entry for own, entry in entries if own == group]}
        for group, title in GROUPS.items()
    ]


def is_above(link: str, path: str) -> bool:
    return path == link or (path.startswith(link) and link != reverse("admin:index"))


def may_enter(request: HttpRequest, place: Place) -> bool:
    return not place.permission or request.user.has_perm(place.permission)


def menu_entry(request: HttpRequest, place: Place) -> dict[str, Any]:
    item = {"title": place.title, "icon": place.icon, "link": reverse(place.url_name), "active": False}
    waiting = attention(request).rows(place.queue) if place.queue else 0
    return item | {"badge": waiting, "badge_variant": "danger"} if waiting else item


def colors(request: HttpRequest) -> dict[str, dict[str, str]]:
    """No colours: unfold would write them to an inline stylesheet, which our CSP forbids."""
    return {}


def subheader(request: HttpRequest) -> str:
    return gettext("Leads, queue, questionnaires")


def stylesheet_url(request: HttpRequest) -> str:
    return static("css/backoffice.css")


def script_url(request: HttpRequest) -> str:
    return static("js/backoffice.js")


def favicon_url(request: HttpRequest) -> str:
    return static("img/favicon.svg")
