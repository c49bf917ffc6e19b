"""The list of questionnaires, and the editor below it: see scorecard.admin.pages."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from scorecard.admin.pages import order, parts, start, versions
from scorecard.admin.pages.overview import overview
from scorecard.models import Questionnaire
from web.read_only_admin import OpeningFilter, ReadOnlyAdmin, column

PAGES = (
    ("new/", start.create_page, "new"),
    ("import/", start.import_page, "import"),
    ("search/", start.search_page, "search"),
    ("<uuid:pk>/copy/", start.copy_page, "copy"),
    ("<uuid:pk>/edit/<slug:kind>/<slug:key>/", parts.edit_page, "edit"),
    *(
        (f"<uuid:pk>/add/{kind}/", order.add_page, f"add_{kind}")
        for kind in ("section", "area", "question", "band")
    ),
    ("<uuid:pk>/move/", order.move_page, "move"),
    ("<uuid:pk>/remove/", order.remove_page, "remove"),
    ("<uuid:pk>/remove/<slug:kind>/<slug:key>/", order.confirm_page, "confirm"),
    ("<uuid:pk>/language/", order.new_language_page, "new_language"),
    ("<uuid:pk>/translation/<slug:language>/", order.translation_page, "translation"),
    ("<uuid:pk>/publish/", versions.publish_page, "publish"),
    ("<uuid:pk>/schedule/", versions.schedule_page, "schedule"),
    ("<uuid:pk>/cancel/", versions.cancel_page, "cancel"),
    ("<uuid:pk>/difference/", versions.difference_page, "difference"),
    ("<uuid:pk>/export/", versions.export_page, "export"),
    ("<uuid:pk>/restore/", versions.restore_page, "restore"),
    ("<uuid:pk>/reset/", versions.reset_page, "reset"),
    ("<uuid:pk>/retire/", versions.retire_page, "retire"),
    ("<uuid:pk>/bring-back/", versions.bring_back_page, "bring_back"),
    ("<uuid:pk>/archive/", versions.archive_page, "archive"),
)


class StateFilter(OpeningFilter):
    title = _("state")
    parameter_name = "state"
    opens_on = "in_use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("in_use", str(_("In use"))), ("archived", str(_("Archived"))), ("all", str(_("All")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Questionnaire]) -> QuerySet[Questionnaire]:
        chosen = self.value()
        return queryset if chosen == "all" else queryset.filter(archived_at__isnull=chosen == "in_use")


@admin.register(Questionnaire)
class QuestionnaireAdmin(ReadOnlyAdmin):
    list_display = (
        "name",
        "key",
        "questions_asked",
        "estimated_time",
        "latest_version",
        "published_at",
        "state",
    )
    list_before_template = "admin/scorecard/questionnaire/list_before.html"
    list_filter = (StateFilter,)
    search_fields = ("name", "key")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                route,
                self.admin_site.admin_view(page),
                {"kind": name.removeprefix("add_")} if name.startswith("add_") else None,
                name=f"scorecard_questionnaire_{name}",
            )
            for route, page, name in PAGES
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Questionnaire]:
        return Questionnaire.objects.annotate(asked=Count("questions"))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of one questionnaire. Its parts are edited on pages of their own."""
        draft = self.get_object(request, unquote(object_id))
        if draft is None:
            raise Http404
        if request.method not in ("GET", "HEAD") or not self.has_view_permission(request, draft):
            raise PermissionDenied
        return overview(request, draft)

    @column(_("Questions"), ordering="asked")
    def questions_asked(self, questionnaire: Any) -> int:
        return int(questionnaire.asked)

    @column(_("Latest version"), ordering="version")
    def latest_version(self, questionnaire: Questionnaire) -> str:
        return str(questionnaire.version) if questionnaire.published_at else str(_("Not published yet"))

    @column(_("State"))
    def state(self, questionnaire: Questionnaire) -> str:
        if questionnaire.archived_at:
            return str(_("Archived"))
        return str(_("In use") if questionnaire.is_active else _("Retired"))
