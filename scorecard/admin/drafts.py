"""Read-only admin of questionnaire drafts: they are edited as files and loaded with `load_questionnaire`."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language_info

from scorecard.models import Question, Questionnaire, ScoreBand, Section
from scorecard.problems import QuestionnaireErrors
from scorecard.publishing import untranslated_texts
from web.read_only_admin import ReadOnlyAdmin, ReadOnlyInline, column


def state(language: str, gaps: list[str]) -> str:
    """The progress of the translation into one language, as HTML."""
    name = f"{get_language_info(language)['name']} ({language})"
    if not gaps:
        return format_html("<p>{}: complete</p>", name)
    items = format_html_join("", "<li>{}</li>", ((gap,) for gap in gaps))
    return format_html(
        "<details><summary>{}: {} missing</summary><ul>{}</ul></details>", name, len(gaps), items
    )


class SectionInline(ReadOnlyInline):
    model = Section
    fields = ("order_index", "name", "description", "weight")


class QuestionInline(ReadOnlyInline):
    model = Question
    fields = ("section", "text", "type", "is_required", "is_personal", "choices")
    readonly_fields = ("choices",)
    ordering = ("section__order_index", "order_index")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).select_related("section")

    @column("Options")
    def choices(self, question: Question) -> int:
        return len(question.options)


class ScoreBandInline(ReadOnlyInline):
    model = ScoreBand
    fields = ("name", "min_score", "max_score", "message")


@admin.register(Questionnaire)
class QuestionnaireAdmin(ReadOnlyAdmin):
    list_display = ("name", "key", "questions_asked", "estimated_time", "latest_version", "published_at")
    list_before_template = "admin/scorecard/questionnaire/note.html"
    change_form_before_template = "admin/scorecard/questionnaire/note.html"
    search_fields = ("name", "key")
    fields = (
        *("name", "key", "description", "language", "translated_into"),
        *("estimated_time", "latest_version", "published_at"),
    )
    inlines = (SectionInline, QuestionInline, ScoreBandInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Questionnaire]:
        return Questionnaire.objects.annotate(asked=Count("questions"))

    @column("Questions", ordering="asked")
    def questions_asked(self, questionnaire: Any) -> int:
        return int(questionnaire.asked)

    @column("Other languages")
    def translated_into(self, questionnaire: Questionnaire) -> str:
        """The languages of the draft, each with its missing texts, which block publishing."""
        try:
            lacking = untranslated_texts(questionnaire)
        except QuestionnaireErrors:
            return "To be seen when the draft has all its parts."
        return format_html_join("", "{}", ((state(code, gaps),) for code, gaps in lacking.items())) or "None"

    @column("Latest version", ordering="version")
    def latest_version(self, questionnaire: Questionnaire) -> str:
        return str(questionnaire.version) if questionnaire.published_at else "Not published yet"
