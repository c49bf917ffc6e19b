"""The figures of the dashboard as sheets: one a figure, or all below each other for CSV."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string

from assessments.statistics.metrics import METRICS
from exports.cells import Cell, plain
from exports.sheets import Sheet
from leads.clock import business_hours
from web.backoffice import declarations


def figure_rows() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every figure that apps declare, by its name."""
    now = timezone.now()
    found = [import_string(path)(now) for path in declarations("figures")]
    return {name: [flat(asdict(row)) for row in rows] for each in found for name, rows in each.items()}


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """Write nested rows as text."""
    return {name: written(value) for name, value in row.items()}


def written(value: Any) -> Any:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {written(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(str(written(each)) for each in value)
    return value


def figure_sheets() -> Iterator[Sheet]:
    """Yield a sheet for each figure, and one that says what each means."""
    zone = business_hours().zone
    for name, rows in figure_rows().items():
        header = list(rows[0]) if rows else ["(nothing counted yet)"]
        yield Sheet(name, header, [[plain(value, zone) for value in row.values()] for row in rows])
    definitions: list[Sequence[Cell]] = [(key, each.title, each.definition) for key, each in METRICS.items()]
    yield Sheet("Definitions", ("figure", "title", "definition"), definitions)


def figures_as_one_sheet() -> Sheet:
    """All figures below each other: one line for each value."""
    zone = business_hours().zone
    rows = [
        (name, number, column, plain(value, zone))
        for name, found in figure_rows().items()
        for number, row in enumerate(found, start=1)
        for column, value in row.items()
    ]
    return Sheet("Figures", ("figure", "row", "column", "value"), rows)
