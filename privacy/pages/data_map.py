"""The data map as a page, for staff who must show where personal data is and when it is deleted."""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from privacy.clearing.due import retention_days
from privacy.datamap.processing_register import map_version, retention_in_words
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
    return MappedTable(name, table.purpose, columns, others, end_of_retention(table.retention), basis)


def clearing_in_words(rule: ClearingRule, retention: Retention | None) -> str:
    """Describe how a value is cleared at the end of its retention."""
    if retention and retention.delete_row:
        return "Deleted with the row"
    return ENDS[rule]


def end_of_retention(retention: Retention | None) -> str:
    """Describe a retention in one sentence, with the current settings."""
    if retention is None:
        return f"Values stay {retention_in_words(None)}."
    what = "The row is deleted" if retention.delete_row else "Personal values are cleared"
    days = str(retention_days(retention)) if retention.setting else None
    setting = f" (setting {retention.setting})" if retention.setting else ""
    return f"{what} {retention_in_words(retention, days)}{setting}."


@require_safe
@permission_required("assessments.answer_person", raise_exception=True)
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
