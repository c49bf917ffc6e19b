"""Read-only admin classes: lists and pages that show rows and never change them."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from django.contrib.admin import ShowFacets
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

Method = TypeVar("Method", bound=Callable[..., Any])


def column(
    description: str,
    *,
    ordering: str | None = None,
    labels: Mapping[Any, str] | None = None,
    two_lines: bool = False,
) -> Callable[[Method], Method]:
    """A method that fills one column of a list, or one line of a page.

    With `labels` it gives (value, words): the words as a label in the colour of the value.
    With `two_lines` it gives (upper, lower) line.
    """
    decorate = display(
        description=description,
        ordering=ordering,
        label=dict(labels) if labels else None,
        header=two_lines or None,
    )
    return cast(Callable[[Method], Method], decorate)


class NothingToWrite:
    """No add, no change, no delete, whatever the user's permissions: other code owns these rows."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(NothingToWrite, ModelAdmin):
    list_per_page = 50
    list_filter_submit = True
    show_full_result_count = False  # one count of the whole table less
    show_facets = ShowFacets.NEVER  # one count for each choice of each filter less


class ReadOnlyInline(NothingToWrite, TabularInline):
    extra = 0
    tab = True


class ChoiceFilter(RadioFilter):
    """One choice of a list, `all_option` beside it."""
