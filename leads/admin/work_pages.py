"""What staff do with leads in the admin: claim, release, record a contact, and the actions of the list."""

from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from unfold.decorators import action

from accounts.models import User
from assessments.web.contact_form import LeadForm
from leads.admin.forms import ContactOutcomeForm
from leads.admin.paging import COUNTED
from leads.correcting import correct_lead
from leads.models import ContactOutcome, Lead, LeadWork
from leads.working import (
    Claimed,
    LeadIsClosed,
    add_note,
    assign_owner,
    claim_leads,
    follow_up,
    record_outcome,
    release_lead,
)

WORK, ASSIGN, CORRECT = "leads.work_lead", "leads.assign_lead", "leads.correct_lead"
GONE = gettext_lazy("The data of this person was erased meanwhile. Nothing was saved.")


class WorkPages:
    """Mixin of the lead admin: the views and actions by which leads are worked on."""

    actions = ("claim_leads",)
    admin_site: Any

    def has_work_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(WORK))

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(ASSIGN))

    def get_urls(self) -> list[URLPattern]:
        own = (
            ("claim", self.claim_view),
            ("release", self.release_view),
            ("record", self.record_view),
            ("correct", self.correct_view),
        )
        pages = [
            path(f"<uuid:lead>/{verb}/", self.admin_site.admin_view(view), name=f"leads_lead_{verb}")
            for verb, view in own
        ]
        return [*pages, *super().get_urls()]  # type: ignore[misc]  # defined by ModelAdmin

    @method_decorator(require_POST)
    def claim_view(self, request: HttpRequest, lead: UUID) -> HttpResponse:
        user = self.worker(request)
        report_claimed(request, claim_leads([lead], user))
        return redirect_back(request, lead)

    @method_decorator(require_POST)
    def release_view(self, request: HttpRequest, lead: UUID) -> HttpResponse:
        """Give a lead back; another's only with the permission to assign."""
        user = self.worker(request)
        owned = LeadWork.objects.filter(pk=lead)
        if not (self.has_assign_permission(request) or owned.filter(owner=user).exists()):
            raise PermissionDenied
        if release_lead(lead, by=user):
            messages.success(request, _("Everybody may claim this lead again."))
        return redirect_back(request, lead)

    @method_decorator(require_POST)
    def record_view(self, request: HttpRequest, lead: UUID) -> HttpResponse:
        """Record a contact. What was typed is shown again if something of it cannot be saved."""
        user = self.worker(request)
        form = ContactOutcomeForm(request.POST)
        if form.is_valid():
            try:
                record_contact(lead, form.cleaned_data, user)
            except LeadIsClosed:
                messages.error(request, GONE)
            else:
                messages.success(request, _("Saved."))
            return redirect_back(request, lead)
        return self.page_again(request, lead, contact_form=form)

    @method_decorator(require_POST)
    def correct_view(self, request: HttpRequest, lead: UUID) -> HttpResponse:
        """Correct contact details. What was typed is shown again if it cannot be saved."""
        user, form = self.worker(request), LeadForm(request.POST)
        if not request.user.has_perm(CORRECT):
            raise PermissionDenied
        if not form.is_valid():
            return self.page_again(request, lead, correct_form=form)
        try:
            changed = correct_lead(lead, form.contact(), by=user)
        except LeadIsClosed:
            messages.error(request, GONE)
        else:
            words = _("Corrected; HubSpot will be updated.") if changed else _("Nothing was changed.")
            messages.success(request, words)
        return redirect_back(request, lead)

    def page_again(self, request: HttpRequest, lead: UUID, **forms: Form) -> HttpResponse:
        """Show the page of the lead with these forms and their errors."""
        request.method = "GET"  # the page's own form would otherwise be validated
        request.lead_forms = forms  # type: ignore[attr-defined]  # for the page
        page: HttpResponse = self.change_view(request, str(lead))  # type: ignore[attr-defined]  # ModelAdmin's
        page.status_code = 422
        return page

    def worker(self, request: HttpRequest) -> User:
        """The user, who must be allowed to work on leads."""
        if not (self.has_work_permission(request) and isinstance(request.user, User)):
            raise PermissionDenied
        return request.user

    @action(description=gettext_lazy("Claim"), permissions=["work"])
    def claim_leads(self, request: HttpRequest, leads: QuerySet[Lead]) -> None:
        report_claimed(request, claim_leads(keys_of(leads), self.worker(request)))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return the actions of the list. Computed once a request: the admin asks three times."""
        found: dict[str, Any] | None = getattr(request, "lead_actions", None)
        if found is None:
            found = super().get_actions(request) | self.assignments(request)  # type: ignore[misc]  # ModelAdmin's
            request.lead_actions = found  # type: ignore[attr-defined]  # for the next time
        return found

    def assignments(self, request: HttpRequest) -> dict[str, Any]:
        """Return an action for each colleague with whom leads may be put."""
        if not self.has_assign_permission(request):
            return {}
        words = _("Assign to %(name)s")
        return {
            name: (partial(assign_leads, owner=colleague), name, words % {"name": colleague.get_full_name()})
            for colleague in User.objects.staff_with(WORK)
            for name in [f"assign_{colleague.pk.hex}"]
        }


def assign_leads(admin: WorkPages, request: HttpRequest, leads: QuerySet[Lead], *, owner: User) -> None:
    moved = assign_owner(keys_of(leads), owner, by=admin.worker(request))
    words = ngettext("%(count)d lead assigned to %(name)s.", "%(count)d leads assigned to %(name)s.", moved)
    messages.success(request, words % {"count": moved, "name": owner.get_full_name()})


def keys_of(leads: QuerySet[Lead]) -> Collection[UUID]:
    """Return the keys of the selected leads; of "all" those that the pages of the list reach."""
    return list(leads.values_list("pk", flat=True)[:COUNTED])


def record_contact(lead: UUID, data: dict[str, Any], user: User) -> None:
    """Save what was entered about a contact, all or nothing."""
    with transaction.atomic():
        if data["outcome"]:
            record_outcome(lead, ContactOutcome(data["outcome"]), by=user, follow_up_on=data["follow_up_on"])
        else:
            follow_up(lead, data["follow_up_on"], by=user)
        if data["note"]:
            add_note(lead, data["note"], by=user)


def report_claimed(request: HttpRequest, claimed: Claimed) -> None:
    if claimed.won:
        count = len(claimed.won)
        words = ngettext("This lead is yours now.", "%(count)d leads are yours now.", count)
        messages.success(request, words % {"count": count})
    for key, owner in claimed.lost.items():
        words = _("%(lead)s is already with %(owner)s.")
        names = {"lead": Lead.objects.get(pk=key), "owner": owner.get_full_name()}
        messages.warning(request, words % names)
    if not (claimed.won or claimed.lost):
        messages.info(request, _("Nothing to claim: these leads are yours, or their data is gone."))


def redirect_back(request: HttpRequest, lead: UUID) -> HttpResponse:
    """Redirect to the page the form was on, else to the lead."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("admin:leads_lead_change", args=[lead])
    return redirect(target)
