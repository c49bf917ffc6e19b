"""The delivery queue, filtered to rows that need a person. Rows are read-only; the only action: resend."""

import time
from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import ChoicesRadioFilter
from unfold.decorators import action

from hubspot_sync.causes import explain
from hubspot_sync.delivery.resending import Resent, failed_with_cause, resend_all
from hubspot_sync.models import QueueStatus, SyncQueueItem, SyncQueueQuerySet
from hubspot_sync.status import backlog
from hubspot_sync.status.summary import delivery_status
from leads.record_urls import CONTACTS, DEALS, record_url
from leads.search import search_leads
from web.formatting import duration_in_words
from web.read_only_admin import OpeningFilter, ReadOnlyAdmin, column

SECONDS = 15.0  # seconds that one request spends on resending; the web server ends it after 30
ATTEMPTS = 100  # history entries shown for one lead

STATE_COLORS = {
    QueueStatus.WAITING: "info",
    QueueStatus.LEASED: "info",
    QueueStatus.FAILED: "danger",
    QueueStatus.DONE: "success",
}


class StateFilter(OpeningFilter):
    title = "state"
    parameter_name = "state"
    opens_on = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("person", "Needs a person"),
            ("open", "Not delivered yet"),
            ("done", "Settled"),
            ("all", "All"),
        ]

    def queryset(self, request: HttpRequest, queryset: SyncQueueQuerySet) -> QuerySet[SyncQueueItem]:
        found = {
            "person": queryset.need_a_person(),
            "open": queryset.undelivered(),
            "done": queryset.filter(status__in=[QueueStatus.DONE, QueueStatus.CANCELLED]),
        }
        return found.get(self.value(), queryset)


@admin.register(SyncQueueItem)
class SyncQueueItemAdmin(ReadOnlyAdmin):
    list_display = ("lead", "state", "cause", "failures", "next_try", "age")
    list_filter = (StateFilter, ("sync_type", ChoicesRadioFilter))
    list_fullwidth = True
    list_before_template = "admin/hubspot_sync/syncqueueitem/delivery_status.html"
    list_select_related = ("assessment",)
    search_fields = ("failure_cause",)
    search_help_text = "Name, e-mail, company or cause"
    ordering = ("-created_at",)
    actions = ("send_again",)
    fieldsets = (
        (None, {"fields": ("who", "status", "happened", "to_do")}),
        (
            "Attempts",
            {"fields": ("failures", "outages", "next_try", "last_attempt_at", "age", "completed_at")},
        ),
        ("In HubSpot", {"fields": ("sync_type", "hubspot_contact_id", "hubspot_deal_id", "revision")}),
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
        leads = Q(assessment__in=search_leads(search_term).keys)
        return queryset.filter(leads | Q(failure_cause__icontains=search_term)), False

    @column("Lead", two_lines=True)
    def lead(self, item: SyncQueueItem) -> tuple[str, str]:
        return self.who(item), item.assessment.company or ""

    @column("Lead")
    def who(self, item: SyncQueueItem) -> str:
        lead = item.assessment
        if lead.email_scrubbed_at:
            return "Scrubbed: nothing left to send"
        return lead.contact.name or lead.email or "No address"

    @column("State", ordering="status", labels=STATE_COLORS)
    def state(self, item: SyncQueueItem) -> tuple[str, str]:
        return item.status, item.get_status_display()

    @column("Cause", ordering="failure_cause", two_lines=True)
    def cause(self, item: SyncQueueItem) -> tuple[str, str]:
        return self.happened(item), self.to_do(item)

    @column("What happened")
    def happened(self, item: SyncQueueItem) -> str:
        return explain(item.cause).happened if item.cause else ""

    @column("What to do")
    def to_do(self, item: SyncQueueItem) -> str:
        return explain(item.cause).to_do if item.cause else ""

    @column("Failures", ordering="retry_count")
    def failures(self, item: SyncQueueItem) -> str:
        return f"{item.retry_count} of {item.max_retries}"

    @column("Next try", ordering="next_retry_at")
    def next_try(self, item: Any) -> str:
        if item.status != QueueStatus.WAITING:
            return "-"
        words = duration_in_words(item.until_next)
        return words if words == "now" else f"in {words}"

    @column("Age", ordering="created_at")
    def age(self, item: Any) -> str:
        return duration_in_words(item.waited)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("hubspot_sync.change_syncqueueitem")

    @action(description="Send again", permissions=["resend"])
    def send_again(self, request: HttpRequest, items: QuerySet[SyncQueueItem]) -> None:
        """Queue the leads of the selected rows with a fresh retry budget, and report how many."""
        report_resent(request, resend_rows(request, list(items)))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.send_cause_again)
        return [path("send-again/", view, name="hubspot_sync_syncqueueitem_send_again"), *super().get_urls()]

    @method_decorator(require_POST)
    def send_cause_again(self, request: HttpRequest) -> HttpResponse:
        """Queue all leads that failed with one cause, in batches, and report how many."""
        if not self.has_resend_permission(request):
            raise PermissionDenied
        done, until, left = Resent(0, 0), time.monotonic() + SECONDS, False
        for rows in failed_with_cause(request.POST.get("cause", "")):
            if left := time.monotonic() > until:
                break
            done += resend_rows(request, rows)
        report_resent(request, done)
        if left:
            messages.warning(request, "More leads failed of this cause: send again once more.")
        elif done == Resent(0, 0):
            messages.info(request, "No lead is left that failed of this cause.")
        return redirect("admin:hubspot_sync_syncqueueitem_changelist")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            **(extra_context or {}),
            "delivery": delivery_status(timezone.now()),
            "may_resend": self.has_resend_permission(request),
            "may_compare": request.user.has_perm("hubspot_sync.view_reconciliation"),
        }
        return super().changelist_view(request, context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **options: Any
    ) -> HttpResponse:
        item = options["obj"]
        lead = item.assessment
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
                (attempt, explain(attempt.cause) if attempt.cause else None)
                for attempt in backlog.history(lead.pk)[:ATTEMPTS]
            ],
        }
        return super().render_change_form(request, context, **options)


def resend_rows(request: HttpRequest, rows: Sequence[SyncQueueItem]) -> Resent:
    """Queue the leads of these rows, all or none, and write a log entry for each row."""
    with transaction.atomic():
        done = resend_all({row.assessment_id for row in rows})
        LogEntry.objects.log_actions(str(request.user.pk), rows, CHANGE, "Sent again.")
    return done


def report_resent(request: HttpRequest, done: Resent) -> None:
    if done.queued:
        messages.success(request, f"{done.queued} lead{pluralize(done.queued)} will be sent again now.")
    if done.scrubbed:
        was = "lead was" if done.scrubbed == 1 else "leads were"
        messages.warning(request, f"{done.scrubbed} {was} scrubbed: there is nothing left to send.")
