"""Erasures on their way to HubSpot: their progress, without the data subject."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from hubspot_sync.erasure import erase
from hubspot_sync.models import HubSpotErasure
from hubspot_sync.models.erasure import ErasureStatus
from leads.record_urls import CONTACTS, record_url
from queues.admin import QueueAdmin
from queues.history import ERASED_BY_HAND
from web.read_only_admin import column


@admin.register(HubSpotErasure)
class ErasureAdmin(QueueAdmin):
    resend = staticmethod(erase.send_again)
    list_display = ("number", "state", "cause_in_words", "next_try_at", "created_at", "done_at")
    fields = ("number", "status", "happened", "to_do", "next_try_at", "created_at", "done_at")
    actions = ("send_again", "settle")

    def get_queryset(self, request: HttpRequest) -> QuerySet[HubSpotErasure]:
        """Leave out the address: this page never shows it, and one whose key is lost would break the list."""
        return HubSpotErasure.objects.without_address()

    @column(gettext_lazy("Erasure id"))
    def number(self, row: HubSpotErasure) -> str:
        return str(row.erasure_id)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("hubspot_sync.settle_hubspoterasure")

    @action(description=gettext_lazy("Erased by hand"), permissions=["settle"])
    def settle(self, request: HttpRequest, rows: QuerySet[HubSpotErasure]) -> HttpResponse | None:
        """Record the selected erasures as done by hand in HubSpot, after a confirmation."""
        open_ones = list(rows.exclude(status=ErasureStatus.DONE))
        if not open_ones:
            messages.info(request, _("Each of these is done."))
        elif request.POST.get("sure") != "1":
            return self.confirm(request, open_ones)
        else:
            with transaction.atomic():
                done = erase.settle_by_hand(rows, asked_by=f"staff {request.user.pk}")
                LogEntry.objects.log_actions(str(request.user.pk), open_ones, CHANGE, ERASED_BY_HAND)
            words = ngettext(
                "%(count)d erasure noted as done by hand.", "%(count)d erasures noted as done by hand.", done
            )
            messages.success(request, words % {"count": done})
        return None

    def confirm(self, request: HttpRequest, rows: list[HubSpotErasure]) -> HttpResponse:
        """Show what will be recorded, and for which erasures; nothing is changed yet."""
        if "asked" in request.POST:
            messages.error(request, _("Tick the box to confirm that HubSpot has none of these any more."))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erased by hand"),
            "rows": [
                (row, self.happened(row) or _("Nothing yet"), record_url(CONTACTS, row.contact_id))
                for row in rows
            ],
        }
        return TemplateResponse(request, "admin/hubspot_sync/hubspoterasure/settle.html", context)
