"""Rates of figures, in percent to one decimal place. Pure."""

from collections.abc import Iterable
from typing import Any


def percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def with_rates(rows: Iterable[dict[str, Any]], whole: str, *parts: str) -> list[dict[str, Any]]:
    """Add `<part>_rate` in percent of `whole`."""
    return [{**row, **{f"{part}_rate": percent(row[part], row[whole]) for part in parts}} for row in rows]
