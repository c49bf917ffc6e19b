"""Saved views of the lead list: save the current tab and filters under a name, share them, delete them."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leads.admin.filters import FILTERS
from leads.admin.typed_filters import TYPED_FILTERS, CompanyFilter
from leads.models import LeadView

FILTERS_KEPT = (*FILTERS, *(each for each in TYPED_FILTERS if each is not CompanyFilter))
KEPT = {"tab", "o", *(each.parameter_name for each in FILTERS_KEPT)}  # neither the search nor a typed name


class ViewPages:
    """Mixin of the lead admin."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("views/save/", view(self.save_view), name="leads_lead_save_view"),
            path("views/<int:key>/delete/", view(self.delete_lead_view), name="leads_lead_delete_view"),
            *super().get_urls(),  # type: ignore[misc]  # defined by ModelAdmin
        ]

    @method_decorator(require_POST)
    def save_view(self, request: HttpRequest) -> HttpResponse:
        """Save a view under a name; one of the same name is replaced."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]  # ModelAdmin's
            raise PermissionDenied
        name, query = (
            request.POST.get("name", "").replace("\x00", "").strip(),
            filters_of(request.POST.get("query", "")),
        )
        longest = LeadView._meta.get_field("name").max_length or 0
        if not name or len(name) > longest or len(query) > 1000:
            messages.error(
                request, _("Give the view a name of at most %(most)d characters.") % {"most": longest}
            )
        else:
            shared = request.POST.get("shared") == "1"
            LeadView.objects.update_or_create(
                owner_id=request.user.pk, name=name, defaults={"query": query, "is_shared": shared}
            )
            messages.success(request, _("Saved as “%(name)s”.") % {"name": name})
        return redirect(f"{reverse('admin:leads_lead_changelist')}?{query}")

    @method_decorator(require_POST)
    def delete_lead_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Delete one of one's own views; one that another window has deleted is told as gone."""
        view = LeadView.objects.filter(pk=key).first()
        if view and view.owner_id != request.user.pk:
            raise Http404
        if view:
            view.delete()
        messages.success(request, _("The view is deleted."))
        return redirect("admin:leads_lead_changelist")


def filters_of(query: str) -> str:
    """Return the tab and the filters of a query string, without searches and pages."""
    return urlencode([(name, value) for name, value in parse_qsl(query.lstrip("?")) if name in KEPT])
