"""Figures as sheets: one a figure, or all below each other for CSV."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from assessments.statistics.dictionary import DASHBOARD, NUMBERS, TABLES
from exports.cells import Cell, plain
from exports.sheets import Sheet
from leads.admin.figures_page import asked, computed
from leads.clock import business_hours
from leads.figures.names import NAMED, key_of
from web.backoffice import declarations

OF_DASHBOARD = "dashboard."  # before the names of its figures, some of which the page has too

Rows = dict[str, list[dict[str, Any]]]


def figure_rows(query: str) -> Rows:
    """Return the rows of each figure by its name: of the page under this query, then of the dashboard."""
    now = timezone.now()
    found = [import_string(path)(now) for path in declarations("figures")]
    of_dashboard = {
        f"{OF_DASHBOARD}{name}": [flat(asdict(row)) for row in rows]
        for each in found
        for name, rows in each.items()
    }
    return rows_of_page(query) | of_dashboard


def rows_of_page(query: str) -> Rows:
    """Return what the page *Figures* shows under this query: its period and segment, numbers and tables."""
    page = computed(asked(QueryDict(query)))
    figures, compared = page["figures"], page["compared"]
    period = {name: page[name] for name in ("from", "until")}
    if compared:
        period |= {f"compared_{name}": compared[name] for name in ("from", "until")}
    numbers: list[dict[str, Any]] = [
        {"figure": key, "title": _(metric.title), "value": figures[key], "unit": metric.unit}
        | ({"compared": compared["figures"][key]} if compared else {})
        for key, metric in NUMBERS.items()
    ]
    tables = {key: with_names(key, figures[key]) for key in TABLES}
    return {
        "period": [period | flat(page["segment"]) | of_all(page)],
        "numbers": numbers,
    } | tables


def of_all(page: dict[str, Any]) -> dict[str, Any]:
    """What the page says of all its figures: how many are left out, and why views are not known."""
    return {"left_out": page["left_out"], "views_unknown": page["views_unknown"]}


def with_names(table: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add the words that readers know a category, an area, a question or an answer by."""
    names = NAMED[table]() if table in NAMED and rows else {}
    return [row | {"name": str(names.get(key_of(row), ""))} if names else row for row in rows]


def definitions() -> Iterator[Sequence[Cell]]:
    """Yield (figure, title, definition) of all that `figure_rows` returns."""
    for key, number in {**NUMBERS, **TABLES}.items():
        yield key, _(number.title), _(number.definition)
    for key, metric in DASHBOARD.items():
        yield f"{OF_DASHBOARD}{key}", _(metric.title), _(metric.definition)


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """Write nested rows as text."""
    return {name: written(value) for name, value in row.items()}


def written(value: Any) -> Any:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {written(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(str(written(each)) for each in value)
    return value


def figure_sheets(query: str) -> Iterator[Sheet]:
    """Yield a sheet for each figure, and one that says what each means."""
    zone = business_hours().zone
    for name, rows in figure_rows(query).items():
        header = list(rows[0]) if rows else [_("(nothing counted yet)")]
        yield Sheet(name, header, [[plain(value, zone) for value in row.values()] for row in rows])
    yield Sheet(_("Definitions"), (_("figure"), _("title"), _("definition")), list(definitions()))


def figures_as_one_sheet(query: str) -> Sheet:
    """All figures below each other: one line for each value."""
    zone = business_hours().zone
    rows = [
        (name, number, column, plain(value, zone))
        for name, found in figure_rows(query).items()
        for number, row in enumerate(found, start=1)
        for column, value in row.items()
    ]
    return Sheet(_("Figures"), (_("figure"), _("row"), _("column"), _("value")), rows)
