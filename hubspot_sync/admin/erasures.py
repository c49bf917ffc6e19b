"""The erasures on their way to HubSpot: how far each is, never of whom."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from audit.sending_again import SendAgainAdmin
from hubspot_sync import causes, erasing
from hubspot_sync.models import HubSpotErasure


@admin.register(HubSpotErasure)
class ErasureAdmin(SendAgainAdmin):
    cause_column = "cause"
    noun = "erasure"
    explain = staticmethod(causes.explain)
    resend = staticmethod(erasing.send_again)
    list_display = ("erasure_id", "state", "cause_in_words", "next_try_at", "created_at", "done_at")
    fields = ("erasure_id", "status", "happened", "to_do", "next_try_at", "created_at", "done_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[HubSpotErasure]:
        """Without the address: nobody reads it here, and an address whose key is lost breaks no page."""
        return HubSpotErasure.objects.defer("address")
