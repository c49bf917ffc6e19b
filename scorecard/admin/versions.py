"""Read-only admin of published versions, which are immutable. The detail page shows one as the form does."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from scorecard import versions
from scorecard.models import QuestionnaireVersion
from web.read_only_admin import ReadOnlyAdmin


@admin.register(QuestionnaireVersion)
class QuestionnaireVersionAdmin(ReadOnlyAdmin):
    list_display = ("questionnaire", "number", "published_at", "published_by")
    list_select_related = ("questionnaire", "published_by")
    list_display_links = ("questionnaire", "number")
    fields = ("questionnaire", "number", "published_at", "published_by", "checksum")

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuestionnaireVersion]:
        return QuestionnaireVersion.objects.defer("definition").select_related(
            "questionnaire", "published_by"
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **options: Any
    ) -> HttpResponse:
        version = versions.get(options["obj"].pk)
        context["definition"] = version.in_language(request.GET.get("in"))
        context["languages"] = [version.definition.language, *version.translations]
        return super().render_change_form(request, context, **options)
