"""Files of a lead, for staff: signed links, each for one person and five minutes, and the download."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assessments.models import Upload
from audit.models import SystemLog
from files import content

SALT = "a file of a lead"
SECONDS = 300
LATE = _("That link has expired. Here is a new one.")
LOST = _("The store does not have this file any more, or does not answer. Try again in a minute.")


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file on the page of its lead."""

    upload: Upload
    url: str


def file_links(request: HttpRequest, lead: Any) -> list[FileLink]:
    """The files of a lead, each with a link for this person. One query."""
    found = Upload.objects.filter(assessment_id=lead.pk).attached().order_by("question_key", "created_at")
    return [FileLink(upload, file_url(request, lead.pk, upload)) for upload in found]


def file_url(request: HttpRequest, lead: UUID, upload: Upload) -> str:
    token = signing.dumps([str(upload.pk), str(request.user.pk)], salt=SALT)
    return reverse("admin:leads_lead_file", args=[lead, token])


class FilePages:
    """Mixin of the lead admin."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.file_view)
        return [
            path("<uuid:lead>/files/<str:token>/", view, name="leads_lead_file"),
            *super().get_urls(),  # type: ignore[misc]  # defined by ModelAdmin
        ]

    @method_decorator(require_safe)
    def file_view(self, request: HttpRequest, lead: UUID, token: str) -> HttpResponseBase:
        """The file as an attachment that no browser opens by itself; recorded in the system log."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]  # ModelAdmin's
            raise PermissionDenied
        page = reverse("admin:leads_lead_change", args=[lead])
        try:
            key, user = signing.loads(token, salt=SALT, max_age=SECONDS)
        except signing.SignatureExpired:
            messages.warning(request, LATE)
            return redirect(page)
        except signing.BadSignature as error:
            raise Http404 from error
        upload = Upload.objects.filter(pk=key, assessment_id=lead).attached().first()
        if user != str(request.user.pk) or upload is None:
            raise Http404
        try:
            data = content.read(upload.stored_name, str(upload.content_key))
        except Exception:  # a store fails in its own ways
            messages.error(request, LOST)
            return redirect(page)
        SystemLog.objects.record(
            "file_downloaded",
            "A file of a lead was downloaded",
            asked_by=f"staff {request.user.pk}",
            upload=str(upload.pk),
        )
        return attachment(upload, data)


def attachment(upload: Upload, data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type=upload.media_type)
    disposition = content_disposition_header(as_attachment=True, filename=str(upload.name))
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
