"""The data map as a page, for staff who must show where personal data is and when it is deleted."""

from dataclasses import dataclass

from constance import config
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from privacy.datamap.processing_register import map_version
from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import ClearingRule, DataClass, Retention, Table

ENDS = {
    ClearingRule.KEEP: "Stays",
    ClearingRule.NULL: "Emptied",
    ClearingRule.BLANK: "Emptied",
    ClearingRule.EMPTY: "Emptied",
    ClearingRule.LISTED: "Keys that are not listed go",
    ClearingRule.TYPED: "Choices stay, typed answers go",
    ClearingRule.TYPED_VALUE: "A choice stays, a typed answer goes",
}


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column that may contain personal data: its class, and how it is cleared."""

    name: str
    tells: str
    end: str
    recipients: str


@dataclass(frozen=True, slots=True)
class MappedTable:
    """One table, with its personal columns and the number of columns that are not personal."""

    name: str
    purpose: str
    columns: tuple[MappedColumn, ...]
    others: int
    retention: str
    basis: str


def table_in_words(name: str, table: Table) -> MappedTable:
    columns = tuple(
        MappedColumn(
            column,
            found.kind.value.capitalize(),
            clearing_in_words(found.rule, table.retention),
            ", ".join(found.to),
        )
        for column, found in table.columns.items()
        if found.kind != DataClass.PLAIN or found.to
    )
    others = len(table.columns) - len(columns)
    basis = table.basis.value.capitalize()
    return MappedTable(name, table.purpose, columns, others, in_words(table.retention), basis)


def clearing_in_words(rule: ClearingRule, retention: Retention | None) -> str:
    """Describe how a value is cleared at the end of its retention."""
    if retention and retention.delete_row:
        return "Deleted with the row"
    return ENDS[rule]


def in_words(retention: Retention | None) -> str:
    """Describe a retention in one sentence."""
    if retention is None:
        return "Rows stay until somebody deletes them."
    what = "The row is deleted" if retention.delete_row else "Personal values are cleared"
    if retention.setting is None:
        return f"{what} as soon as {retention.clock} has passed."
    days = getattr(config, retention.setting)
    clock = retention.clock.replace("__", ".")
    return f"{what} {days} days after {clock} (setting {retention.setting})."


@require_safe
@permission_required("privacy.view_data_map", raise_exception=True)  # no model defines it: superusers only
def data_map(request: HttpRequest) -> HttpResponse:
    tables = [table_in_words(name, table) for name, table in TABLES.items()]
    context = {
        **admin.site.each_context(request),
        "title": "Data map",
        "version": map_version(),
        "tables": [table for table in tables if table.columns],
        "impersonal": [table for table in tables if not table.columns],
    }
    return TemplateResponse(request, "admin/privacy/data_map.html", context)
