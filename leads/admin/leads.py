"""The lead list, most urgent first, and the lead page with its sales brief.

The lead itself is read-only; what staff do with it is in work_pages.py.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.lifecycle.consents import choices_by_assessment
from leads.admin.columns import LeadColumns, details_of_lead
from leads.admin.figures_page import FiguresPage
from leads.admin.file_pages import FilePages
from leads.admin.filters import FILTERS
from leads.admin.lead_page import lead_page
from leads.admin.paging import CallPaginator, EstimatedPaginator, OlderFilter, continues_after
from leads.admin.sandbox_page import SandboxPage
from leads.admin.tab_filter import TabFilter, open_tab, tab_of, viewer_of
from leads.admin.typed_filters import TYPED_FILTERS, CompanyFilter, among
from leads.admin.view_pages import ViewPages, filters_of
from leads.admin.work_pages import WorkPages
from leads.clock import clock
from leads.contact_access import SEE_CONTACT, mask, record_list_view, record_search
from leads.models import EventKind, Lead, LeadView
from leads.search import search_leads
from leads.tabs import MOST_WAITING, Tab, leads_on, order_on, waiting_calls
from leads.working import add_event
from scorecard import versions
from web.backoffice import declarations
from web.list_rows import drawn_list
from web.read_only_admin import ReadOnlyAdmin


@admin.register(Lead)
class LeadAdmin(LeadColumns, WorkPages, ViewPages, FilePages, FiguresPage, SandboxPage, ReadOnlyAdmin):
    list_display = ("who", "reach", "why", "consent", "since", "owner", "sync", "doubtful")
    list_select_related = ("work__owner", "session")
    list_filter = (TabFilter, OlderFilter, *FILTERS, *TYPED_FILTERS)
    list_fullwidth = True
    list_per_page = 25  # more would double the time of the page
    paginator = EstimatedPaginator
    list_before_template = "admin/leads/lead/order.html"
    search_fields = ("email",)  # shows the search box; `get_search_results` does the search
    search_help_text = _("Name, e-mail, company, phone, source or category")
    fieldsets = ((None, {"fields": ()}),)  # the page has its own template

    class Media:
        js = ("js/leads.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        """Annotate the leads of the tab with their age, by the database's clock, and their urgency."""
        leads = leads_on(tab_of(request), viewer_of(request))
        # Not by a join where none is needed: PostgreSQL would make it to count the leads, too.
        came = F("session__last_activity" if tab_of(request) == Tab.UNFINISHED else "completed_at")
        states = clock(timezone.now())
        return leads.annotate(
            age=ExpressionWrapper(Now() - came, DurationField()),
            urgency_rank=states.as_rank,
            urgency=states.as_column,
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        tab, viewer = open_tab(request), viewer_of(request)
        view = request.GET.urlencode() or f"tab={tab}"
        context = {
            **(extra_context or {}),
            "tab": tab,
            "tabs": [(each, each.label) for each in Tab],
            "may_work": self.has_work_permission(request),
            "views": LeadView.objects.visible_to(viewer.user).select_related("owner"),
            "view_query": filters_of(request.GET.urlencode()),
            "links": [
                (link.title, f"{reverse(link.url_name, args=link.arguments)}?{view}")
                for link in declarations("lead_list_links")
                if request.user.has_perm(link.permission)
            ],
        }
        return super().changelist_view(request, context)

    def get_paginator(
        self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **options: Any
    ) -> Any:
        """Return the pages; calls in their own order come without a sort of all of them."""
        if tab_of(request) != Tab.CALL or request.GET.get("o"):
            return super().get_paginator(request, queryset, per_page, *args, **options)
        pages = CallPaginator(queryset, per_page)
        pages.clock = clock(timezone.now())
        return pages

    def get_ordering(self, request: HttpRequest) -> Sequence[Any]:
        return order_on(tab_of(request))

    def get_list_display_links(self, request: HttpRequest, list_display: Sequence[Any]) -> Any:
        """Link no unfinished lead: its page would have no result."""
        return (
            None
            if tab_of(request) == Tab.UNFINISHED
            else super().get_list_display_links(request, list_display)
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Add the consents in force to the leads of the page, and record the view. Two statements."""
        found = super().get_changelist_instance(request)
        addresses = {lead.pk: details_of_lead(lead).email for lead in found.result_list}
        known = {key: address for key, address in addresses.items() if address}
        choices = choices_by_assessment(known) if known else {}
        if known:
            record_list_view(request.user)
        found.is_narrowed = any(getattr(spec, "chosen", ()) for spec in found.filter_specs)
        found.waiting = partial(calls_beside, found, tab_of(request))
        found.continues_after = continues_after(tab_of(request), request, found)
        found.drawn = partial(drawn_list, found)
        for lead in found.result_list:
            lead.choices = choices.get(lead.pk, {})
            if not request.user.has_perm(SEE_CONTACT):
                mask(lead)
        return found

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Lead | None:
        lead: Lead | None = super().get_object(request, object_id, from_field)
        if lead and not request.user.has_perm(SEE_CONTACT):
            mask(lead)
        return lead

    def get_list_filter(self, request: HttpRequest) -> Sequence[Any]:
        """Return the filters; who sees no company must not ask for one either."""
        if request.user.has_perm(SEE_CONTACT):
            return self.list_filter
        return [each for each in self.list_filter if each is not CompanyFilter]

    def get_search_fields(self, request: HttpRequest) -> Sequence[str]:
        return self.search_fields if request.user.has_perm(SEE_CONTACT) else ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Lead], search_term: str
    ) -> tuple[QuerySet[Lead], bool]:
        if not search_term or not request.user.has_perm(SEE_CONTACT):
            return queryset, False
        record_search(request.user)
        return among(request, queryset, search_leads(search_term)), False

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        names = list(self.list_display)
        if tab_of(request) == Tab.CALL:
            names.remove("doubtful")  # none of them is
        if len(versions.names()) > 1:
            names.insert(names.index("why") + 1, "questionnaire")
        if self.has_work_permission(request):
            return names
        return ["owner_name" if name == "owner" else name for name in names]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **options: Any
    ) -> HttpResponse:
        """Render the lead page: contact details, sales brief, answers in words, and the work on it."""
        lead = options["obj"]
        context |= lead_page(request, lead)
        shown = not (lead.email_scrubbed_at or getattr(lead, "is_masked", False))
        if shown and isinstance(request.user, User):
            add_event(lead.pk, EventKind.VIEWED, request.user)
        return super().render_change_form(request, context, **options)


def calls_beside(found: Any, tab: Tab) -> int:
    """Return how many wait for a call, at most MOST_WAITING; a list of all of them has counted them."""
    if tab != Tab.CALL or found.is_narrowed or found.query:
        return waiting_calls()
    return min(found.paginator.counted, MOST_WAITING)
