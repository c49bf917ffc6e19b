"""The tabs of the lead list as a parameter of its address."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models.signs import Sign
from leads.clock import business_hours
from leads.tabs import Tab, Viewer


class TabFilter(SimpleListFilter):
    """Takes the parameter; the links are above the list, and `get_queryset` of the admin obeys it.

    Tests are left out, unless the list is narrowed to marks that they have, or searched. No call has a mark,
    so nothing is asked of them: their index holds none, and would be read row by row.
    """

    title = _("tab")
    parameter_name = "tab"
    template = "admin/leads/lead/no_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(tab.value, tab.label) for tab in Tab]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = request.GET.get("q") or {"any", Sign.TEST} & set(request.GET.getlist("doubts"))
        return (
            queryset
            if asked or tab_of(request) == Tab.CALL
            else queryset.exclude(doubts__contains=[Sign.TEST])
        )


def tab_of(request: HttpRequest) -> Tab:
    """Return the tab of the list that is shown; every lead while none is."""
    found: Tab = getattr(request, "lead_tab", Tab.ALL)
    return found


def open_tab(request: HttpRequest) -> Tab:
    """Note the tab of an address on the request. The list opens on the calls; a search looks everywhere."""
    named = request.GET.get("tab", "")
    tab = Tab(named) if named in list(Tab) else Tab.ALL if request.GET else Tab.CALL
    request.lead_tab = tab  # type: ignore[attr-defined]  # for the queryset and its order
    return tab


def viewer_of(request: Any) -> Viewer:
    user = getattr(request, "user", None) or User()
    today = timezone.localdate(timezone=business_hours().zone)
    return Viewer(user, today, whole_team=user.has_perm("leads.assign_lead"))
