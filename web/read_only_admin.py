"""Mixins and filters for read-only admin pages."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ClassVar, TypeVar, cast

from django.contrib.admin import ShowFacets
from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import Promise
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

Method = TypeVar("Method", bound=Callable[..., Any])


def column(
    description: str | Promise,
    *,
    ordering: str | None = None,
    labels: Mapping[Any, str] | None = None,
    two_lines: bool = False,
) -> Callable[[Method], Method]:
    """Decorate a method that computes a column of the changelist, or a field of the detail page.

    With `labels` the method returns (value, text): the text is shown as a label in the colour of the value,
    in grey where it has none.
    With `two_lines` it returns the (upper, lower) line.
    """
    decorate: Callable[[Any], Any] = display(
        description=description,
        ordering=ordering,
        label=defaultdict(str, labels) if labels else None,  # Unfold shows the value of one that is missing
        header=two_lines or None,
    )

    def as_column(method: Method) -> Method:
        @wraps(method)
        def cell(*args: Any) -> Any:
            found = method(*args)
            kind = Labelled if labels else TwoLines
            return kind(found) if isinstance(found, tuple) else found

        return cast(Method, decorate(cell))

    return as_column


class Labelled(tuple[Any, ...]):
    """(value, text): shown as a label in a list, and as the text elsewhere."""

    def __str__(self) -> str:
        return str(self[1])


class TwoLines(tuple[Any, ...]):
    """(upper, lower): shown as two lines in a list, and as one elsewhere."""

    def __str__(self) -> str:
        return ", ".join(str(line) for line in self if line)


class NothingToWrite:
    """Deny add, change and delete regardless of permissions: the rows are written by other code only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


LISTED_OPERATORS = ("exact", "in", "isnull")


class ListedLookups:
    """Allow only declared filters as lookups: others would reveal columns that the user may not see."""

    list_filter: ClassVar[Any]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        names = [each[0] if isinstance(each, tuple) else each for each in self.list_filter]
        names = [getattr(name, "parameter_name", name) for name in names]
        field, _, operator = lookup.rpartition("__")
        listed = field in names or field.removesuffix("__id") in names  # of a relation: `groups__id__exact`
        return lookup in names or (listed and operator in LISTED_OPERATORS)


class ReadOnlyAdmin(ListedLookups, NothingToWrite, ModelAdmin):
    list_per_page = 50
    list_filter_submit = True
    show_full_result_count = False  # saves a count of the whole table
    show_facets = ShowFacets.NEVER  # saves a count for each choice of each filter


class ReadOnlyInline(NothingToWrite, TabularInline):
    extra = 0
    tab = True


class ChoiceFilter(RadioFilter):
    """A radio filter: one choice at a time, plus `all_option`."""


class OpeningFilter(ChoiceFilter):
    """A filter with the default `opens_on`; a search covers all rows, and the filter shows that."""

    all_option = None
    opens_on: str
    all_rows = "all"

    def __init__(
        self, request: HttpRequest, params: dict[str, list[str]], model: type[Model], model_admin: Any
    ) -> None:
        self.is_search = bool(request.GET.get("q"))
        super().__init__(request, params, model, model_admin)

    def value(self) -> str:
        return super().value() or (self.all_rows if self.is_search else self.opens_on)
