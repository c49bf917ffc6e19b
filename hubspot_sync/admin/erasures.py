"""The erasures on their way to HubSpot: how far each is, never of whom."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from audit.sending_again import SendAgainAdmin
from hubspot_sync.causes import Cause, explain
from hubspot_sync.erasing import send_again
from hubspot_sync.models import HubSpotErasure


@admin.register(HubSpotErasure)
class ErasureAdmin(SendAgainAdmin):
    cause_column = "cause"
    noun = "erasure"
    list_display = ("erasure_id", "state", "cause_in_words", "next_try_at", "created_at", "done_at")
    fields = ("erasure_id", "status", "happened", "to_do", "next_try_at", "created_at", "done_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[HubSpotErasure]:
        """Without the address: nobody reads it here, and an address whose key is lost breaks no page."""
        return HubSpotErasure.objects.defer("address")

    def explain(self, code: str) -> Cause:
        return explain(code)

    def resend(self, rows: QuerySet[Any]) -> int:
        return send_again(rows)
