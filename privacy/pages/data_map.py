"""The data map as a page, for staff who must show where personal data is and when it is deleted."""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from privacy.clearing.due import retention_days
from privacy.datamap.processing_register import map_version
from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import ClearingRule, DataClass, Retention, Table

ENDS = {
    ClearingRule.KEEP: gettext_noop("Stays"),
    ClearingRule.NULL: gettext_noop("Emptied"),
    ClearingRule.BLANK: gettext_noop("Emptied"),
    ClearingRule.EMPTY: gettext_noop("Emptied"),
    ClearingRule.LISTED: gettext_noop("Keys that are not listed go"),
    ClearingRule.TYPED: gettext_noop("Choices stay, typed answers go"),
    ClearingRule.TYPED_VALUE: gettext_noop("A choice stays, a typed answer goes"),
}


# How a retention ends: where personal values are cleared, and where the row is deleted.
AT_ONCE = (
    gettext_noop("Personal values are cleared as soon as %(clock)s has passed."),
    gettext_noop("The row is deleted as soon as %(clock)s has passed."),
)
LATER = (
    gettext_noop("Personal values are cleared %(days)d days after %(clock)s (setting %(setting)s)."),
    gettext_noop("The row is deleted %(days)d days after %(clock)s (setting %(setting)s)."),
)
LATER_WITH = (
    gettext_noop(
        "Personal values are cleared %(days)d days after %(clock)s with %(column)s, without it as soon as "
        "%(clock)s has passed (setting %(setting)s)."
    ),
    gettext_noop(
        "The row is deleted %(days)d days after %(clock)s with %(column)s, without it as soon as %(clock)s "
        "has passed (setting %(setting)s)."
    ),
)


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
            capfirst(_(found.kind.value)),
            clearing_in_words(found.rule, table.retention),
            ", ".join(_(recipient) for recipient in found.to),
        )
        for column, found in table.columns.items()
        if found.kind != DataClass.PLAIN or found.to
    )
    others = len(table.columns) - len(columns)
    basis = capfirst(_(table.basis.value))
    return MappedTable(name, _(table.purpose), columns, others, end_of_retention(table.retention), basis)


def clearing_in_words(rule: ClearingRule, retention: Retention | None) -> str:
    """Describe how a value is cleared at the end of its retention."""
    if retention and retention.delete_row:
        return _("Deleted with the row")
    return _(ENDS[rule])


def end_of_retention(retention: Retention | None) -> str:
    """Describe a retention in one sentence, with the current settings."""
    if retention is None:
        return _("Values stay until the row is deleted.")
    words = LATER_WITH if retention.longer_with else LATER if retention.setting else AT_ONCE
    values = {
        "clock": retention.clock.replace("__", "."),
        "column": retention.longer_with,
        "setting": retention.setting,
        "days": retention_days(retention) if retention.setting else None,
    }
    return _(words[retention.delete_row]) % values


@require_safe
@permission_required("assessments.answer_person", raise_exception=True)
def data_map(request: HttpRequest) -> HttpResponse:
    tables = [table_in_words(name, table) for name, table in TABLES.items()]
    context = {
        **admin.site.each_context(request),
        "title": _("Data map"),
        "version": map_version(),
        "tables": [table for table in tables if table.columns],
        "impersonal": [table for table in tables if not table.columns],
    }
    return TemplateResponse(request, "admin/privacy/data_map.html", context)
