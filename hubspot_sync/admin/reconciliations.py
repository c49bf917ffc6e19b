"""Reconciliation runs, newest first, and the differences that each left for a person to decide."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hubspot_sync.models import Difference, DifferenceKind, Reconciliation
from hubspot_sync.status.comparison import in_words
from leads.record_urls import CONTACTS, DEALS, record_url
from web.read_only_admin import ReadOnlyAdmin, column

SHOWN = 200  # differences shown for one run; a longer list has a single cause

LET_BE = gettext_lazy("Send the lead again to make it anew, or let it be.")
STRANGER = gettext_lazy(
    "A copy, the contact before a changed address, or one to erase: look at it in HubSpot."
)
TO_DO = {
    DifferenceKind.ADDRESS_MISSING: gettext_lazy(
        "Send the lead again to make a contact with its address, or let it be."
    ),
    DifferenceKind.OTHER_ACCOUNT: gettext_lazy(
        "Send the lead again if this account should have it, or let it be."
    ),
    DifferenceKind.CONTACT_GONE: LET_BE,
    DifferenceKind.DEAL_GONE: LET_BE,
    DifferenceKind.CONTACT_DOUBLED: gettext_lazy("Merge the two contacts in HubSpot if they are one person."),
    DifferenceKind.CONTACT_UNKNOWN: STRANGER,
    DifferenceKind.DEAL_UNKNOWN: STRANGER,
}
GONE = {DifferenceKind.CONTACT_GONE, DifferenceKind.DEAL_GONE, DifferenceKind.OTHER_ACCOUNT}
OF_DEALS = {
    DifferenceKind.DEAL_DIFFERS,
    DifferenceKind.DEAL_MERGED,
    DifferenceKind.DEAL_GONE,
    DifferenceKind.DEAL_UNKNOWN,
    DifferenceKind.NOT_LINKED,
}


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "result")
    ordering = ("-started_at",)
    fields = ("started_at", "finished_at", "result")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reconciliation]:
        return Reconciliation.objects.with_counts()

    @column(gettext_lazy("Result"))
    def result(self, run: Any) -> str:
        """The summary of the run, or how far it has come."""
        if not run.finished_at:
            return _("Under way: %(step)s") % {"step": run.get_step_display().lower()}
        return in_words(run)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **options: Any
    ) -> HttpResponse:
        run = options["obj"]
        left = run.differences.filter(put_right=False).order_by("kind", "pk")
        found = list(left[: SHOWN + 1])
        context |= {
            "differences": [
                (
                    difference,
                    what_to_do(difference),
                    lead_url(request, difference),
                    difference_url(difference),
                )
                for difference in found[:SHOWN]
            ],
            "more": len(found) > SHOWN,
        }
        return super().render_change_form(request, context, **options)


def what_to_do(difference: Difference) -> str:
    """What to do next: a real run repairs what a dry run only lists."""
    found = TO_DO.get(DifferenceKind(difference.kind))
    return str(found or _("Nothing: the next comparison puts it right."))


def lead_url(request: HttpRequest, difference: Difference) -> str:
    """The URL of the lead; '' for an unknown record, or for a user who may not view leads."""
    if not (difference.assessment_id and request.user.has_perm("leads.view_lead")):
        return ""
    return reverse("admin:leads_lead_change", args=[difference.assessment_id])


def difference_url(difference: Difference) -> str:
    """The URL of the record in HubSpot, if it still exists."""
    if difference.kind in GONE:
        return ""
    return record_url(DEALS if difference.kind in OF_DEALS else CONTACTS, difference.hubspot_id)
