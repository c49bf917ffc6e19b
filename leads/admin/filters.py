"""Filters of the lead list."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest

from assessments.models import Assessment
from assessments.models.signs import Sign
from experiments import running
from experiments.models import Placement
from scorecard.bands import band_names
from web.read_only_admin import ChoiceFilter

PERIODS = {"1": "Last 24 hours", "7": "Last 7 days", "30": "Last 30 days", "90": "Last 90 days"}


class CategoryFilter(ChoiceFilter):
    title = "category"
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(band_names().items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        return queryset.filter(score_category=self.value()) if self.value() else queryset


class PeriodFilter(ChoiceFilter):
    title = "finished"
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(PERIODS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        if self.value() not in PERIODS:
            return queryset
        return queryset.filter(completed_at__gte=Now() - timedelta(days=int(self.value())))


class LanguageFilter(ChoiceFilter):
    """Filter by the language in which a lead took the assessment, and expects to be contacted."""

    title = "language"
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(settings.LANGUAGES)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        return queryset.filter(language=self.value()) if self.value() else queryset


class VariantFilter(ChoiceFilter):
    """Filter by variant of a running experiment."""

    title = "variant"
    parameter_name = "variant"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = [
            f"{tried.key}:{variant.key}"
            for tried in running.experiments_at(*Placement)
            for variant in tried.variants
        ]
        return [(name, name) for name in names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        experiment, _, variant = str(self.value() or "").partition(":")
        return queryset.filter(variants__contains={experiment: variant}) if variant else queryset


class DoubtFilter(ChoiceFilter):
    title = "doubts"
    parameter_name = "doubts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", "None"), ("any", "Any"), *((sign.value, sign.label) for sign in Sign)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        match self.value():
            case "none":
                return queryset.filter(doubts=[])
            case "any":
                return queryset.exclude(doubts=[])
            case str(sign) if sign in list(Sign):
                return queryset.filter(doubts__contains=[sign])
        return queryset
