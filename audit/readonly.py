"""An admin that shows rows and never changes them."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline


class NothingToWrite:
    """No add, no change, no delete, whatever the user's permissions: other code owns these rows."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(NothingToWrite, ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    list_per_page = 50
    show_full_result_count = False  # one count of the whole table less
    show_add_link = False
    compressed_fields = True


class ReadOnlyInline(NothingToWrite, TabularInline):  # type: ignore[misc]
    extra = 0
    show_change_link = False
    tab = True
