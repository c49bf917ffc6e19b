"""Open sessions: progress only, no personal data."""

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import AssessmentSession
from assessments.models.contact import CONTACT_FIELDS
from web.formatting import time_ago
from web.read_only_admin import ReadOnlyAdmin, column


@admin.register(AssessmentSession)
class AssessmentSessionAdmin(ReadOnlyAdmin):
    list_display = ("step", "last_seen", "left_an_address", "variant", "started_at", "expires_at")
    list_display_links = None
    list_before_template = "admin/assessments/assessmentsession/note.html"
    ordering = ("-last_activity",)
    fields = ("step", "last_seen", "left_an_address", "variant", "started_at", "expires_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssessmentSession]:
        """Open, unfinished sessions, without their personal columns."""
        return (
            AssessmentSession.objects.open()
            .filter(assessment__completed_at__isnull=True)
            .defer(*CONTACT_FIELDS, "user_agent", "ip_address_hash", "responses")
            .annotate(
                idle=ExpressionWrapper(Now() - F("last_activity"), DurationField()),
                has_address=ExpressionWrapper(Q(email__isnull=False), BooleanField()),
            )
        )

    @column(gettext_lazy("Steps done"), ordering="current_step")
    def step(self, session: AssessmentSession) -> str:
        steps = {"done": session.current_step, "total": session.total_steps}
        return _("%(done)s of %(total)s") % steps

    @column(gettext_lazy("Last activity"), ordering="last_activity")
    def last_seen(self, session: Any) -> str:
        return time_ago(session.idle)

    @column(gettext_lazy("Left an address"), ordering="has_address")
    def left_an_address(self, session: Any) -> str:
        return _("Yes") if session.has_address else _("No")

    @column(gettext_lazy("Variant"), ordering="ab_test_variant")
    def variant(self, session: AssessmentSession) -> str | None:
        return session.ab_test_variant
