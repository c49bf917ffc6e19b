"""The lead list, most urgent first, and the lead page with its sales brief.

The lead itself is read-only; what staff do with it is in work_pages.py.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import ChoicesRadioFilter

from assessments.models.assessment import SyncStatus
from assessments.models.signs import Sign
from assessments.qualification import LeadQuality
from leads.admin.filters import (
    CategoryFilter,
    DoubtFilter,
    LanguageFilter,
    PeriodFilter,
    VariantFilter,
)
from leads.admin.lead_page import CALL_WITHIN, lead_page
from leads.admin.work_pages import WorkPages
from leads.models import Lead
from leads.search import search_leads
from scorecard import versions
from web.formatting import duration_in_words
from web.read_only_admin import ReadOnlyAdmin, column

QUALITY_COLORS = {
    LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED: "danger",
    LeadQuality.ENHANCED: "warning",
    LeadQuality.BASIC: "info",
}
SYNC_COLORS = {
    SyncStatus.PENDING: "info",
    SyncStatus.SYNCED: "success",
    SyncStatus.FAILED: "danger",
    SyncStatus.HELD: "warning",
}


@admin.register(Lead)
class LeadAdmin(WorkPages, ReadOnlyAdmin):
    list_display = ("who", "company_name", "category", "score", "quality", "age", "owner", "sync", "doubtful")
    list_select_related = ("work__owner",)
    list_filter = (
        CategoryFilter,
        ("lead_quality", ChoicesRadioFilter),
        ("hubspot_sync_status", ChoicesRadioFilter),
        PeriodFilter,
        LanguageFilter,
        VariantFilter,
        DoubtFilter,
    )
    list_fullwidth = True
    list_before_template = "admin/leads/lead/order.html"
    search_fields = ("email",)  # shows the search box; `get_search_results` does the search
    search_help_text = "Name, e-mail, company, phone, source or category"
    ordering = ("-qualified_for_briefing", "-completed_at")
    fieldsets = ((None, {"fields": ()}),)  # the page has its own template

    class Media:
        js = ("js/leads.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        """Annotate leads with their age by the database's clock."""
        age = ExpressionWrapper(Now() - F("completed_at"), DurationField())
        return Lead.objects.leads().annotate(age=age)  # type: ignore[return-value]  # the manager is Assessment's

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Lead], search_term: str
    ) -> tuple[QuerySet[Lead], bool]:
        if not search_term:
            return queryset, False
        found = search_leads(search_term)
        request.searched_since = found.since  # type: ignore[attr-defined]  # for the note above the list
        return queryset.filter(pk__in=found.keys), False

    @column("Lead", two_lines=True)
    def who(self, lead: Lead) -> tuple[str, str]:
        if lead.email_scrubbed_at:
            return "Scrubbed", "the statistics stay"
        return (lead.contact.name, lead.email or "") if lead.contact.name else (lead.email or "", "")

    @column("Company")
    def company_name(self, lead: Lead) -> str | None:
        return lead.company

    @column("Category", ordering="total_score")
    def category(self, lead: Lead) -> str:
        return versions.get(lead.version_id).definition.band(lead.score_category or "").name

    @column("Score", ordering="total_score")
    def score(self, lead: Lead) -> int | None:
        return lead.total_score

    @column("Quality", ordering="lead_quality", labels=QUALITY_COLORS)
    def quality(self, lead: Lead) -> tuple[str | None, str]:
        return lead.lead_quality, lead.get_lead_quality_display()

    @column("Age", ordering="completed_at")
    def age(self, lead: Any) -> str:
        words = duration_in_words(lead.age)
        if lead.age >= CALL_WITHIN or lead.email_scrubbed_at:
            return words
        return format_html('{} <span class="bo-tag bo-good">Call now</span>', words)

    @column("HubSpot", ordering="hubspot_sync_status", labels=SYNC_COLORS)
    def sync(self, lead: Lead) -> tuple[str, str]:
        return lead.hubspot_sync_status, lead.get_hubspot_sync_status_display()

    @column("Doubts", labels={"doubtful": "warning"})
    def doubtful(self, lead: Lead) -> tuple[str, str] | None:
        if not lead.doubts:
            return None
        first, *more = (Sign(doubt).brief for doubt in lead.doubts)
        return "doubtful", f"{first} (+{len(more)})" if more else first

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        if self.has_work_permission(request):
            return self.list_display
        return ["owner_name" if name == "owner" else name for name in self.list_display]

    @column("Owner")
    def owner_name(self, lead: Any) -> str:
        work = getattr(lead, "work", None)
        return str(work.owner.get_full_name()) if work and work.owner else "-"

    @column("Owner")
    def owner(self, lead: Any) -> str:
        """The name of the owner, or a button to claim the lead; its form is above the list."""
        name = self.owner_name(lead)
        if name != "-" or lead.email_scrubbed_at:
            return name
        return format_html(
            '<button type="submit" form="claim" class="bo-small" formaction="{}" data-key="c">Claim</button>',
            reverse("admin:leads_lead_claim", args=[lead.pk]),
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **options: Any
    ) -> HttpResponse:
        """Render the lead page: contact details, sales brief, answers in words, and the work on it."""
        context |= lead_page(request, options["obj"])
        return super().render_change_form(request, context, **options)
