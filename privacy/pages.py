"""The data map as a page, for whoever must show where personal data lives and when it goes."""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from privacy.datamap import TABLES, Column, Kind, Retention, Table


@dataclass(frozen=True, slots=True)
class MappedTable:
    """One table: the columns that say something about a person, and how many others it has."""

    name: str
    purpose: str
    telling: tuple[tuple[str, Column], ...]
    others: int
    retention: str


def mapped(name: str, table: Table) -> MappedTable:
    telling = tuple((column, found) for column, found in table.columns.items() if found.kind != Kind.PLAIN)
    return MappedTable(
        name, table.purpose, telling, len(table.columns) - len(telling), in_words(table.retention)
    )


def in_words(retention: Retention | None) -> str:
    """What time does to a row, in one sentence."""
    if retention is None:
        return "Kept until it is purged or deleted."
    what = "The row is deleted" if retention.delete_row else "Personal values are cleared"
    if retention.setting is None:
        return f"{what} as soon as {retention.clock} has passed."
    return f"{what} when {retention.clock} is further back than the setting {retention.setting} says."


@require_safe
@permission_required("privacy.view_data_map", raise_exception=True)  # no model has it: superusers only
def data_map(request: HttpRequest) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": "Data map",
        "tables": [mapped(name, table) for name, table in TABLES.items()],
    }
    return TemplateResponse(request, "admin/privacy/data_map.html", context)
