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
    """The groups of the sidebar, with the entries that this user has permission for."""
    places = sorted(declarations("places"), key=lambda place: place.order)
    return [
        {
            "title": title,
            "items": [
                menu_entry(request, place)
                for place in places
                if place.group == group and may_enter(request, place)
            ],
        }
        for group, title in GROUPS.items()
    ]


def may_enter(request: HttpRequest, place: Place) -> bool:
    return not place.permission or request.user.has_perm(place.permission)


def menu_entry(request: HttpRequest, place: Place) -> dict[str, Any]:
    item = {"title": place.title, "icon": place.icon, "link": reverse(place.url_name)}
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
