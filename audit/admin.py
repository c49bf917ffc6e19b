"""The system log in the admin, read-only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import AllValuesCheckboxFilter

from audit.models import SystemLog
from audit.words import message_in_words, name_in_words, value_in_words
from web.databases.replica import data_age, may_lag
from web.read_only_admin import ReadOnlyAdmin, column


@admin.register(SystemLog)
class SystemLogAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "event_type", "happened", "counts")
    list_filter = (("event_type", AllValuesCheckboxFilter),)
    search_fields = ("message",)
    fields = ("created_at", "event_type", "happened", "counts")
    list_before_template = "admin/data_age.html"

    @may_lag
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "age_seconds": data_age()}
        response = super().changelist_view(request, context)
        return response.render() if isinstance(response, TemplateResponse) else response

    @column(gettext_lazy("What happened"))
    def happened(self, log: SystemLog) -> str:
        return message_in_words(log.message)

    @column(gettext_lazy("Counts"))
    def counts(self, log: SystemLog) -> str | SafeString:
        """Render `records_scrubbed.assessments: 12`, one per line; nested counts have dotted paths."""
        found = [(name_in_words(name), value_in_words(value)) for name, value in flat_values(log.data)]
        return format_html("{}", format_html_join(", ", "{}: {}", found)) if found else _("None")


def flat_values(data: dict[str, object], path: str = "") -> list[tuple[str, object]]:
    """Return the leaves of nested counts, each with its readable path."""
    leaves: list[tuple[str, object]] = []
    for key, value in data.items():
        name = f"{path} {key}".replace("_", " ").strip()
        leaves += flat_values(value, name) if isinstance(value, dict) else [(name, value)]
    return leaves
