"""The delivery queue, filtered to rows that need a person. Rows are read-only; the only action: resend."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesRadioFilter

from hubspot_sync.admin.lead_panel import LeadPages
from hubspot_sync.causes import explain
from hubspot_sync.delivery.resending import resend_rows
from hubspot_sync.models import QueueStatus, SyncQueueItem
from hubspot_sync.status import backlog
from hubspot_sync.status.summary import delivery_status
from leads.contact_access import SEE_CONTACT, mask, record_list_view, record_search
from leads.record_urls import CONTACTS, DEALS, record_url
from leads.search import search_leads
from queues.admin import QueueAdmin, StateFilter
from web.formatting import duration_in_words
from web.read_only_admin import column

ATTEMPTS = 100  # history entries shown for one lead


@admin.register(SyncQueueItem)
class SyncQueueItemAdmin(LeadPages, QueueAdmin):
    resend = staticmethod(resend_rows)
    resendable = QueueStatus.values
    subject = "assessment_id"
    nothing_left = gettext_lazy("the personal data was scrubbed")
    list_display = ("lead", "state", "cause_in_words", "failures", "next_try", "age")
    list_filter = (StateFilter, ("sync_type", ChoicesRadioFilter))
    list_before_template = "admin/hubspot_sync/syncqueueitem/delivery_status.html"
    list_select_related = ("assessment",)
    search_fields = ("failure_cause",)
    search_help_text = gettext_lazy("Name, e-mail, company or cause")
    fieldsets = (
        (None, {"fields": ("who", "status", "happened", "to_do")}),
        (
            gettext_lazy("Attempts"),
            {"fields": ("failures", "outages", "next_try", "last_attempt_at", "age", "completed_at")},
        ),
        (
            gettext_lazy("In HubSpot"),
            {"fields": ("sync_type", "hubspot_contact_id", "hubspot_deal_id", "revision")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncQueueItem]:
        """Annotate rows with their age and the time until the next attempt, by the database's clock."""
        return SyncQueueItem.objects.select_related("assessment").annotate(
            waited=ExpressionWrapper(Now() - F("created_at"), DurationField()),
            until_next=ExpressionWrapper(F("next_retry_at") - Now(), DurationField()),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SyncQueueItem], search_term: str
    ) -> tuple[QuerySet[SyncQueueItem], bool]:
        if not search_term:
            return queryset, False
        found = Q(failure_cause__icontains=search_term)
        if request.user.has_perm(SEE_CONTACT):  # whom a search finds is told by its rows, masked or not
            record_search(request.user)
            found |= Q(assessment__in=search_leads(search_term).keys)
        return queryset.filter(found), False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Mask the leads of the page for whoever does not need their names; record who sees them."""
        found = super().get_changelist_instance(request)
        if any(not item.assessment.email_scrubbed_at for item in found.result_list):
            record_list_view(request.user)
        if not request.user.has_perm(SEE_CONTACT):
            for item in found.result_list:
                mask(item.assessment)
        return found

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> SyncQueueItem | None:
        item: SyncQueueItem | None = super().get_object(request, object_id, from_field)
        if item and not request.user.has_perm(SEE_CONTACT):
            mask(item.assessment)
        return item

    @column(gettext_lazy("Lead"), two_lines=True)
    def lead(self, item: SyncQueueItem) -> tuple[str, str]:
        return self.who(item), item.assessment.company or ""

    @column(gettext_lazy("Lead"))
    def who(self, item: SyncQueueItem) -> str:
        lead = item.assessment
        if lead.email_scrubbed_at:
            return _("Scrubbed: nothing left to send")
        return lead.contact.name or lead.email or _("No address")

    def cause_of(self, item: SyncQueueItem) -> str:
        return item.cause

    @column(gettext_lazy("Failures"), ordering="retry_count")
    def failures(self, item: SyncQueueItem) -> str:
        return _("%(done)s of %(all)s") % {"done": item.retry_count, "all": item.max_retries}

    @column(gettext_lazy("Next try"), ordering="next_retry_at")
    def next_try(self, item: Any) -> str:
        if item.status != QueueStatus.WAITING:
            return "-"
        if item.until_next < timedelta(minutes=1):
            return _("now")
        return _("in %(duration)s") % {"duration": duration_in_words(item.until_next)}

    @column(gettext_lazy("Age"), ordering="created_at")
    def age(self, item: Any) -> str:
        return duration_in_words(item.waited)

    def summary(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "delivery": delivery_status(timezone.now()),
            "may_compare": request.user.has_perm("hubspot_sync.view_reconciliation"),
        }

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **options: Any
    ) -> HttpResponse:
        item = options["obj"]
        lead = item.assessment
        attempts = list(backlog.attempts_of(lead.pk)[:ATTEMPTS])
        context |= {
            "item": item,
            "scrubbed": bool(lead.email_scrubbed_at),
            "may_resend": self.has_resend_permission(request),
            "lead_url": reverse("admin:leads_lead_change", args=[lead.pk])
            if request.user.has_perm("leads.view_lead")
            else "",
            "contact_url": record_url(CONTACTS, lead.hubspot_contact_id),
            "deal_url": record_url(DEALS, lead.hubspot_deal_id),
            "attempts": [
                (attempt, explain(attempt.cause, _) if attempt.cause else None) for attempt in attempts
            ],
            "traced": any(attempt.trace_id for attempt in attempts),
        }
        return super().render_change_form(request, context, **options)
