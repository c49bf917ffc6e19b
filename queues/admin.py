"""Admin lists of durable queues. They open on failed rows, and the only action is to send again."""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from unfold.decorators import action

from queues.declared import Queue, queue_of
from queues.history import SENT_AGAIN, TranslatedHistory
from queues.states import FAILED, UNFINISHED
from web.read_only_admin import OpeningFilter, ReadOnlyAdmin, column

CHUNK = 200  # rows that one transaction locks: well under a second
SECONDS = 15.0  # time that one request spends on resending; the web server ends it after 30
STATE_COLORS = {"waiting": "info", "leased": "info", FAILED: "danger", "sent": "success", "done": "success"}


class StateFilter(OpeningFilter):
    title = gettext_lazy("state")
    parameter_name = "state"
    opens_on = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("person", _("Needs a person")),
            ("open", _("Not settled yet")),
            ("done", _("Settled")),
            ("all", _("All")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = {
            "person": queryset.filter(status=FAILED),
            "open": queryset.filter(status__in=UNFINISHED),
            "done": queryset.exclude(status__in=UNFINISHED),
        }
        return found.get(self.value(), queryset)


@dataclass(frozen=True, slots=True)
class Resent:
    """How many rows or leads were requeued, and of how many nothing was left to send."""

    queued: int = 0
    left: int = 0

    def __add__(self, other: "Resent") -> "Resent":
        return Resent(self.queued + other.queued, self.left + other.left)


class QueueAdmin(TranslatedHistory, ReadOnlyAdmin):
    """Base admin of the model of a declared queue: see `queues.declared`."""

    resend: "staticmethod[[Any], int]"  # requeues the rows of a QuerySet; returns how many subjects
    resendable: Collection[str] = (FAILED,)  # the states from which a selected row is sent again
    subject = "pk"  # the attribute of a row that names what is sent; several rows may have the same
    nothing_left: str | Promise = gettext_lazy("nothing is left to send")
    list_filter: ClassVar[Any] = (StateFilter,)
    list_fullwidth = True
    list_before_template = "admin/parts/failed_piles.html"
    ordering = ("-created_at",)
    actions: tuple[str, ...] = ("send_again",)

    @cached_property
    def queue(self) -> Queue:
        return queue_of(self.model)

    @column(gettext_lazy("State"), ordering="status", labels=STATE_COLORS)
    def state(self, row: Any) -> tuple[str, str]:
        return row.status, row.get_status_display()

    @column(gettext_lazy("Cause"), ordering="failure_cause", two_lines=True)
    def cause_in_words(self, row: Any) -> tuple[str, str]:
        return self.happened(row), self.to_do(row)

    @column(gettext_lazy("What happened"))
    def happened(self, row: Any) -> str:
        code = self.cause_of(row)
        return self.queue.cause(code).happened if code else ""

    @column(gettext_lazy("What to do"))
    def to_do(self, row: Any) -> str:
        code = self.cause_of(row)
        return self.queue.cause(code).to_do if code else ""

    def cause_of(self, row: Any) -> str:
        """The code of what went wrong; '' if nothing did."""
        return str(row.failure_cause)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        label, name = self.opts.app_label, self.opts.model_name
        return bool(request.user.has_perm(f"{label}.change_{name}"))

    @action(description=gettext_lazy("Send again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.report(request, self.send(request, list(rows.filter(status__in=self.resendable))))

    def send(self, request: HttpRequest, rows: Sequence[Any]) -> Resent:
        """Requeue these rows, all or none, and log the change on each."""
        with transaction.atomic():
            queued = self.resend(self.model._default_manager.filter(pk__in=[row.pk for row in rows]))
            LogEntry.objects.log_actions(str(request.user.pk), rows, CHANGE, SENT_AGAIN)
        return Resent(queued, len({getattr(row, self.subject) for row in rows}) - queued)

    def report(self, request: HttpRequest, done: Resent) -> None:
        if done.queued:
            words = ngettext(
                "%(rows)s will be sent again now.", "%(rows)s will be sent again now.", done.queued
            )
            messages.success(request, words % {"rows": self.queue.count_in_words(done.queued)})
        if done.left:
            words = ngettext(
                "%(rows)s could not be sent again: %(why)s.",
                "%(rows)s could not be sent again: %(why)s.",
                done.left,
            )
            values = {"rows": self.queue.count_in_words(done.left), "why": self.nothing_left}
            messages.warning(request, words % values)
        if done == Resent():
            messages.info(request, _("None of these needs a person any more."))

    @property
    def send_again_url(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_send_again"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.send_cause_again)
        return [path("send-again/", view, name=self.send_again_url), *super().get_urls()]

    @method_decorator(require_POST)
    def send_cause_again(self, request: HttpRequest) -> HttpResponse:
        """Requeue every row that failed with the same cause, in batches, and report how many."""
        if not self.has_resend_permission(request):
            raise PermissionDenied
        done, until, more = Resent(), time.monotonic() + SECONDS, False
        for rows in self.failed_with_cause(request, request.POST.get("cause", "")):
            if more := time.monotonic() > until:
                break
            done += self.send(request, rows)
        if more:
            messages.warning(request, _("More failed with this cause: send again once more."))
        if not more or done != Resent():
            self.report(request, done)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def failed_with_cause(self, request: HttpRequest, cause: str) -> Iterator[list[Any]]:
        """Yield the rows that failed with this cause, in batches; each row once, whatever its outcome.

        One transaction for each batch keeps locks short for workers and visitors.
        """
        failed = self.get_queryset(request).filter(status=FAILED, failure_cause=cause).order_by(self.subject)
        batch = list(failed[:CHUNK])
        while batch:
            yield batch
            last = getattr(batch[-1], self.subject)
            batch = list(failed.filter(**{f"{self.subject}__gt": last})[:CHUNK])

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            **(extra_context or {}),
            **self.summary(request),
            "may_resend": self.has_resend_permission(request),
            "send_again_url": f"admin:{self.send_again_url}",
        }
        return super().changelist_view(request, context)

    def summary(self, request: HttpRequest) -> dict[str, Any]:
        """The context of `list_before_template`: failed rows by cause, the largest group first."""
        failed = self.model._default_manager.filter(status=FAILED).order_by()
        piles = failed.values("failure_cause").annotate(rows=Count("pk"), since=Min("created_at"))
        return {
            "piles": [
                (pile["failure_cause"], self.queue.cause(pile["failure_cause"]), pile["rows"], pile["since"])
                for pile in piles.order_by("-rows", "failure_cause")
            ]
        }
