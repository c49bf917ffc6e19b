"""Admin lists of durable queues. They open on failed rows, and the only action is to send again."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from unfold.decorators import action

from web.read_only_admin import OpeningFilter, ReadOnlyAdmin, column

FAILED = "failed"
OPEN = ("waiting", "leased", FAILED)
STATE_COLORS = {"waiting": "info", "leased": "info", FAILED: "danger", "sent": "success", "done": "success"}


class StateFilter(OpeningFilter):
    title = "state"
    parameter_name = "state"
    opens_on = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("person", "Needs a person"), ("open", "Not settled yet"), ("all", "All")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "person":
            return queryset.filter(status=FAILED)
        return queryset.filter(status__in=OPEN) if self.value() == "open" else queryset


class SendAgainAdmin(ReadOnlyAdmin):
    """Base admin of a queue model with `status`, `created_at` and a column with the failure code."""

    cause_column: str
    noun: str  # singular name of a row; the plural adds an s
    explain: "staticmethod[[str], Any]"  # returns an object with `happened` and `to_do` for a code
    resend: "staticmethod[[Any], int]"  # requeues failed rows; returns how many
    list_filter = (StateFilter,)
    list_fullwidth = True
    list_before_template = "admin/parts/failed_piles.html"
    ordering = ("-created_at",)
    actions: tuple[str, ...] = ("send_again",)

    @column("State", ordering="status", labels=STATE_COLORS)
    def state(self, row: Any) -> tuple[str, str]:
        return row.status, row.get_status_display()

    @column("Cause", two_lines=True)
    def cause_in_words(self, row: Any) -> tuple[str, str]:
        return self.happened(row), self.to_do(row)

    @column("What happened")
    def happened(self, row: Any) -> str:
        code = getattr(row, self.cause_column)
        return str(self.explain(code).happened) if code else ""

    @column("What to do")
    def to_do(self, row: Any) -> str:
        code = getattr(row, self.cause_column)
        return str(self.explain(code).to_do) if code else ""

    def has_resend_permission(self, request: HttpRequest) -> bool:
        label, name = self.opts.app_label, self.opts.model_name
        return bool(request.user.has_perm(f"{label}.change_{name}"))

    @action(description="Send again", permissions=["resend"])
    def send_again(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.send(request, rows)

    def send(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        """Requeue failed rows and log the change on each, in one transaction; report how many."""
        with transaction.atomic():
            failed: Sequence[Any] = list(rows.filter(status=FAILED))
            sent = self.resend(self.model._default_manager.filter(pk__in=[row.pk for row in failed]))
            LogEntry.objects.log_actions(str(request.user.pk), failed, CHANGE, "Sent again.")
        if sent:
            messages.success(request, f"{sent} {self.noun}{'s' * (sent != 1)} will be sent again now.")
        if left := len(failed) - sent:
            messages.warning(request, f"{left} could not be sent again: nothing is left to send.")
        if not failed:
            messages.info(request, "None of these needs a person any more.")

    @property
    def send_again_url(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_send_again"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.send_cause_again)
        return [path("send-again/", view, name=self.send_again_url), *super().get_urls()]

    @method_decorator(require_POST)
    def send_cause_again(self, request: HttpRequest) -> HttpResponse:
        """Requeue every row that failed with the same cause."""
        if not self.has_resend_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).filter(status=FAILED)
        self.send(request, rows.filter(**{self.cause_column: request.POST.get("cause", "")}))
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        failed = self.model._default_manager.filter(status=FAILED).order_by()
        piles = failed.values(self.cause_column).annotate(rows=Count("pk"), since=Min("created_at"))
        context = {
            **(extra_context or {}),
            "piles": [
                (pile[self.cause_column], self.explain(pile[self.cause_column]), pile["rows"], pile["since"])
                for pile in piles.order_by("-rows", self.cause_column)
            ],
            "may_resend": self.has_resend_permission(request),
            "send_again_url": f"admin:{self.send_again_url}",
        }
        return super().changelist_view(request, context)
