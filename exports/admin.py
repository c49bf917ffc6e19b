"""Exports in the admin: one's own, with their progress and a link to the file while it is there."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exports.models import Export, ExportStatus
from exports.pages import ExportPages
from queues.admin import QueueAdmin
from queues.states import LEASED, WAITING
from web.read_only_admin import column

SECONDS = 3  # until the list looks again while an export is being written


@admin.register(Export)
class ExportAdmin(ExportPages, QueueAdmin):
    """Everybody sees their own; who may view the system log sees that others exported, never the files."""

    list_display = ("name", "state", "progress", "file", "cause_in_words", "created_at", "expires_at")
    fields = ("kind", "format", "contacts", "status", "rows_done", "created_at", "done_at", "expires_at")
    list_filter = ()
    list_display_links = None
    actions = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        return Export.objects.current().filter(owner=getattr(getattr(request, "user", None), "pk", None))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        if self.get_queryset(request).filter(status__in=(WAITING, LEASED)).exists():
            response.headers["Refresh"] = str(SECONDS)
        return response

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @column(gettext_lazy("Export"))
    def name(self, export: Export) -> str:
        return _("%(export)s, with contact details") % {"export": export} if export.contacts else str(export)

    @column(gettext_lazy("Progress"))
    def progress(self, export: Export) -> str | SafeString:
        if export.rows_total and export.status == LEASED:
            return format_html(
                '<progress max="{}" value="{}"></progress> {}',
                *(export.rows_total, export.rows_done),
                _("%(done)s of %(all)s")
                % {"done": grouped(export.rows_done), "all": grouped(export.rows_total)},
            )
        return _("%(number)s rows") % {"number": grouped(export.rows_done)} if export.rows_done else "-"

    @column(gettext_lazy("File"))
    def file(self, export: Export) -> str | SafeString:
        if export.status != ExportStatus.DONE:
            return "-"
        url = reverse("admin:exports_export_download", args=[export.pk])
        return format_html('<a href="{}">{}</a> {}', url, export.file_name, filesizeformat(export.size))


def grouped(number: int) -> str:
    """`12,000`, as the active language groups digits."""
    return number_format(number, force_grouping=True)
