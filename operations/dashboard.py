"""The dashboard of the back office: the panels that apps declare, and what needs attention."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.roles import ROLES
from operations.attention import needs_a_person
from operations.backoffice import navigation
from web.backoffice import declarations


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's DASHBOARD_CALLBACK: the context that this user has permission for."""
    now = timezone.now()
    panels = [
        (panel, import_string(panel.context)(now, request))
        for panel in declarations("home_panels")
        if request.user.has_perm(panel.permission)
    ]
    return context | {
        "title": _("Dashboard"),
        "panels": panels,
        "figures_url": reverse("admin:leads_figures"),  # of any period, with marked ones or without
        "needs_a_person": needs_a_person(request),
        "places": [] if panels else other_places(request),
        "roles": list(ROLES),
    }


def other_places(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages that this user may open, except this one: the dashboard of a role without figures."""
    entries = [entry for group in navigation(request) for entry in group["items"]]
    return [entry for entry in entries if entry["link"] != request.path]
