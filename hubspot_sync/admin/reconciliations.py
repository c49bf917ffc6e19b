"""The comparisons with HubSpot, newest first, and what each left to a person."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from hubspot_sync.models import Difference, Kind, Reconciliation
from hubspot_sync.reconciliation.reconcile import in_a_line
from leads.record_urls import CONTACTS, DEALS, record_url
from web.read_only_admin import ReadOnlyAdmin, column

SHOWN = 200  # differences of one run; more of them have one reason

LET_BE = "Send the lead again to make it anew, or let it be."
STRANGER = "A copy, the contact before a changed address, or one to erase: look at it in HubSpot."
TO_DO = {
    Kind.CONTACT_GONE: LET_BE,
    Kind.DEAL_GONE: LET_BE,
    Kind.CONTACT_DOUBLED: "Merge the two contacts in HubSpot if they are one person.",
    Kind.CONTACT_UNKNOWN: STRANGER,
    Kind.DEAL_UNKNOWN: STRANGER,
}
GONE = {Kind.CONTACT_GONE, Kind.DEAL_GONE}
OF_DEALS = {Kind.DEAL_DIFFERS, Kind.DEAL_MERGED, Kind.DEAL_GONE, Kind.DEAL_UNKNOWN, Kind.NOT_LINKED}


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "result")
    ordering = ("-started_at",)
    fields = ("started_at", "finished_at", "result")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reconciliation]:
        return Reconciliation.objects.with_counts()

    @column("Result")
    def result(self, run: Any) -> str:
        """The sentence of the run, or how far it came."""
        if not run.finished_at:
            return f"Under way: {run.get_step_display().lower()}"
        return in_a_line(run, differ=run.differ, to_decide=run.to_decide)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **options: Any
    ) -> HttpResponse:
        run = options["obj"]
        left = run.differences.filter(put_right=False).order_by("kind", "pk")
        found = list(left[: SHOWN + 1])
        context |= {
            "differences": [
                (difference, what_to_do(difference), lead_url(request, difference), url(difference))
                for difference in found[:SHOWN]
            ],
            "more": len(found) > SHOWN,
        }
        return super().render_change_form(request, context, **options)


def what_to_do(difference: Difference) -> str:
    """What a dry run only listed, a real one puts right."""
    return TO_DO.get(Kind(difference.kind), "Nothing: the next comparison puts it right.")


def lead_url(request: HttpRequest, difference: Difference) -> str:
    """The lead's page; '' for a record that nobody here knows, and for who may not see leads."""
    if not (difference.assessment_id and request.user.has_perm("leads.view_lead")):
        return ""
    return reverse("admin:leads_lead_change", args=[difference.assessment_id])


def url(difference: Difference) -> str:
    """The record in HubSpot, if it is still there."""
    if difference.kind in GONE:
        return ""
    return record_url(DEALS if difference.kind in OF_DEALS else CONTACTS, difference.hubspot_id)
