"""HubSpot on the page of a lead: its state with the cause, *Send again*, *Settle without delivery*."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from hubspot_sync.causes import explain
from hubspot_sync.delivery.resending import resend_all
from hubspot_sync.delivery.settling import settle_without_delivery
from hubspot_sync.models import QueueStatus, SyncQueueItem
from leads.models import EventKind, Lead
from leads.record_urls import CONTACTS, record_url
from leads.working import add_event

DELIVER = "leads.deliver_lead"
MOST_CHARACTERS = 500


def lead_panel(request: HttpRequest, lead: Lead) -> dict[str, Any]:
    """Return what the panel shows: the latest delivery of the lead and what may be done about it."""
    item = SyncQueueItem.objects.filter(assessment=lead).order_by("-created_at").first()
    is_open = bool(item and item.status in (QueueStatus.WAITING, QueueStatus.LEASED, QueueStatus.FAILED))
    may = request.user.has_perm(DELIVER)
    return {
        "lead": lead,
        "item": item,
        "cause": explain(item.cause, _) if item and is_open and item.cause else None,
        "url": record_url(CONTACTS, lead.hubspot_contact_id),
        "may_send": may and not lead.email_scrubbed_at,
        "may_settle": may and is_open,
        "most_characters": MOST_CHARACTERS,
    }


class LeadPages:
    """Mixin of the queue's admin: what the buttons of the panel do."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("lead/<uuid:lead>/send-again/", view(self.send_lead), name="hubspot_sync_lead_send"),
            path("lead/<uuid:lead>/settle/", view(self.settle_lead), name="hubspot_sync_lead_settle"),
            *super().get_urls(),  # type: ignore[misc]  # defined by ModelAdmin
        ]

    @method_decorator(require_POST)
    def send_lead(self, request: HttpRequest, lead: UUID) -> HttpResponse:
        user = deliverer(request)
        if resend_all([lead]):
            add_event(lead, EventKind.SENT_AGAIN, user)
            messages.success(request, _("This lead will be sent to HubSpot again now."))
        else:
            messages.warning(
                request,
                _(
                    "Nothing was sent: the personal data is gone, the person must not be contacted, "
                    "or this is a test."
                ),
            )
        return redirect("admin:leads_lead_change", lead)

    @method_decorator(require_POST)
    def settle_lead(self, request: HttpRequest, lead: UUID) -> HttpResponse:
        user, reason = deliverer(request), request.POST.get("reason", "").strip()
        if not reason or len(reason) > MOST_CHARACTERS:
            words = _("Say why, in at most %(most)d characters. Nothing was changed.")
            messages.error(request, words % {"most": MOST_CHARACTERS})
        elif settle_without_delivery(lead, reason, by=user):
            messages.success(request, _("Settled: HubSpot does not get this lead."))
        else:
            messages.info(request, _("This lead is not on its way any more."))
        return redirect("admin:leads_lead_change", lead)


def deliverer(request: HttpRequest) -> User:
    """The user, who must be allowed to send leads."""
    if not (request.user.has_perm(DELIVER) and isinstance(request.user, User)):
        raise PermissionDenied
    return request.user
