"""Filters of the lead list into which a value is typed."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.views.main import ChangeList
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import TextFilter
from unfold.contrib.filters.forms import SearchForm
from unfold.widgets import UnfoldAdminDateWidget

from assessments.models import Assessment
from leads.admin.sealed_conditions import of_company, of_country
from leads.clock import business_hours
from leads.search import Found
from web.databases.unchanging import AnyOf


def among(request: HttpRequest, leads: QuerySet[Any], found: Found) -> QuerySet[Any]:
    """Narrow to the leads that were found, and note on the request how far back was looked."""
    known = getattr(request, "searched_since", None)
    request.searched_since = max(filter(None, (known, found.since)), default=None)  # type: ignore[attr-defined]  # for the note above the list
    # One parameter: ten thousand keys take longer to be written than to be found, in three statements.
    keys = Value(f"{{{','.join(found.hexes)}}}")
    return leads.filter(AnyOf("pk", Cast(keys, ArrayField(UUIDField()))))


class SealedFilter(TextFilter, ABC):
    """Leads whose encrypted details match one of the texts: the parameter may be repeated."""

    @staticmethod
    @abstractmethod
    def leads(wanted: Collection[str]) -> Found:
        """Find the leads that match."""

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.texts = [text.strip() for text in request.GET.getlist(str(self.parameter_name)) if text.strip()]
        super().__init__(request, *args)

    @property
    def chosen(self) -> list[str]:
        return self.texts

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        return among(request, queryset, self.leads(self.texts)) if self.texts else queryset


class CompanyFilter(SealedFilter):
    title, parameter_name = _("company"), "company"

    @staticmethod
    def leads(wanted: Collection[str]) -> Found:
        return of_company(wanted)


class CountryFilter(SealedFilter):
    title, parameter_name = _("country of the phone number (DE, AT)"), "country"

    @staticmethod
    def leads(wanted: Collection[str]) -> Found:
        return of_country(wanted)


class DayForm(SearchForm):
    """One day, chosen from a calendar."""

    def __init__(self, name: str, label: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(name, label, *args, **kwargs)
        widget = UnfoldAdminDateWidget(attrs={"type": "date"})
        self.fields[name] = forms.DateField(label=label, required=False, widget=widget)


class DayFilter(TextFilter):
    """Leads finished since, or until, the typed day in the time zone of sales; another text matches none."""

    form_class = DayForm
    is_end: ClassVar[bool] = False

    @property
    def chosen(self) -> list[str]:
        return [value] if (value := self.value()) else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        if not (typed := self.value()):
            return queryset
        try:
            day = date.fromisoformat(typed)
            moment = datetime.combine(day + timedelta(days=self.is_end), time.min, business_hours().zone)
        except (ValueError, OverflowError):
            return queryset.none()
        return queryset.filter(Q(completed_at__lt=moment) if self.is_end else Q(completed_at__gte=moment))

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        data = {self.parameter_name: self.value()}
        yield {
            "form": self.form_class(name=str(self.parameter_name), label=self.title.capitalize(), data=data)
        }


class FromFilter(DayFilter):
    title, parameter_name = _("finished from"), "from"


class UntilFilter(DayFilter):
    title, parameter_name, is_end = _("finished until"), "until", True


TYPED_FILTERS = (FromFilter, UntilFilter, CompanyFilter, CountryFilter)
