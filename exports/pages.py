"""Order an export, and download it. Both need the permission and a recent log-in, and are recorded."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.fresh_sign_in import fresh_sign_in
from accounts.models import User
from audit.models import SystemLog
from exports.models import HOURS, Export, ExportFormat, ExportKind, ExportStatus
from exports.storing import stored_parts
from leads.admin.current_view import leads_of_view
from leads.admin.figures_page import asked
from leads.contact_access import SEE_CONTACT
from queues.wakeup import wake_up

WRITE = "exports.tasks.write_due"
CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MAY = {ExportKind.LEADS: "exports.export_leads", ExportKind.FIGURES: "exports.export_figures"}
TITLES = {ExportKind.LEADS: _("Export leads"), ExportKind.FIGURES: _("Export figures")}
SHOWN_AT = {ExportKind.LEADS: "admin:leads_lead_changelist", ExportKind.FIGURES: "admin:leads_figures"}
LONGEST_QUERY = 4000


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format"), choices=ExportFormat.choices, widget=forms.RadioSelect, initial="xlsx"
    )
    contacts = forms.BooleanField(
        label=_("With contact details"),
        required=False,
        initial=True,
        help_text=_("Names, addresses, phone numbers and typed answers. Leave them out where you can."),
    )


class ExportPages:
    """Mixin of the admin of exports."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<kind>/new/", view(fresh_sign_in(self.order_view)), name="exports_export_order"),
            path(
                "<uuid:export>/download/",
                view(fresh_sign_in(self.download_view)),
                name="exports_export_download",
            ),
            *super().get_urls(),  # type: ignore[misc]  # defined by ModelAdmin
        ]

    def order_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Say what will be exported, and order it."""
        user = exporter(request, kind)
        query = request.GET.urlencode()
        if len(query) > LONGEST_QUERY:
            raise Http404
        with_contacts = kind == ExportKind.LEADS and user.has_perm(SEE_CONTACT)
        form = ExportForm(request.POST or None)
        if not with_contacts:
            del form.fields["contacts"]
        if kind == ExportKind.FIGURES and (problem := asked(request.GET).problem):
            messages.error(request, problem)
            return redirect(f"{reverse('admin:leads_figures')}?{query}")
        try:
            leads = leads_of_view(user, query) if kind == ExportKind.LEADS else None
        except (IncorrectLookupParameters, DisallowedModelAdminLookup):
            messages.error(request, gettext("The list does not know this filter."))
            return redirect("admin:leads_lead_changelist")
        if request.method == "POST" and form.is_valid():
            order(user, kind, query, form.cleaned_data["format"], bool(form.cleaned_data.get("contacts")))
            words = gettext("It is being written, and can be downloaded here for %(hours)d hours.")
            messages.success(request, words % {"hours": HOURS})
            return redirect("admin:exports_export_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": TITLES[ExportKind(kind)],
            "form": form,
            "rows": None if leads is None else leads.count(),
            "hours": HOURS,
            "list_url": f"{reverse(SHOWN_AT[ExportKind(kind)])}?{query}",
        }
        return render(request, "admin/exports/order.html", context)

    def download_view(self, request: HttpRequest, export: UUID) -> HttpResponseBase:
        """Stream one's own file while it has not expired."""
        own = Export.objects.current().filter(owner=request.user.pk, status=ExportStatus.DONE)
        found = own.filter(pk=export).first()
        if found is None:
            raise Http404(gettext("This file has expired."))
        user = exporter(request, found.kind)
        if found.contacts and not user.has_perm(SEE_CONTACT):
            raise PermissionDenied
        record(found, "export_downloaded", "An export was downloaded")
        response = StreamingHttpResponse(stored_parts(found), CONTENT_TYPES[ExportFormat(found.format)])
        response.headers["Content-Length"] = str(found.size)
        response.headers["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
        response.headers["Cache-Control"] = "no-store"
        return response


def exporter(request: HttpRequest, kind: str) -> User:
    """Return the user, who must be allowed to export this kind."""
    if kind not in MAY:
        raise Http404
    if not (isinstance(request.user, User) and request.user.has_perm(MAY[ExportKind(kind)])):
        raise PermissionDenied
    return request.user


def order(user: User, kind: str, query: str, format: str, contacts: bool) -> Export:
    """Queue an export, record who asked for it, and wake a worker."""
    with transaction.atomic():
        export = Export.objects.create(owner=user, kind=kind, query=query, format=format, contacts=contacts)
        record(export, "export_ordered", "An export was ordered")
        transaction.on_commit(partial(wake_up, WRITE), robust=True)
    return export


def record(export: Export, event: str, message: str) -> None:
    SystemLog.objects.record(
        event,
        message,
        export=export.pk,
        kind=export.kind,
        with_contacts=export.contacts,
        asked_by=f"staff {export.owner_id}",
    )
