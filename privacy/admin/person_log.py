"""The person log: which member of staff opened, changed or passed on the details of a lead, newest first."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.models import LeadEvent
from web.read_only_admin import ReadOnlyAdmin, column

ANSWER_PERSON = "assessments.answer_person"


@admin.register(LeadEvent)
class PersonLogAdmin(ReadOnlyAdmin):
    """Shows no contact details, and nothing of what staff wrote: only the lead's key."""

    list_display = ("created_at", "who", "kind", "lead_key")
    list_display_links = None
    fields = list_display
    list_filter = ("kind",)
    ordering = ("-id",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ANSWER_PERSON)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm(ANSWER_PERSON)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LeadEvent]:
        """Defer what quotes the person."""
        return super().get_queryset(request).select_related("actor").defer("detail", "value")

    @column(gettext_lazy("Who"))
    def who(self, event: LeadEvent) -> str:
        return str(event.actor) if event.actor else _("An account that was removed")

    @column(gettext_lazy("Lead"))
    def lead_key(self, event: LeadEvent) -> str:
        return str(event.assessment_id)
