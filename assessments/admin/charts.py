"""Bar sizes of the dashboard, in percent, for the templates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.formats import date_format

from assessments.statistics.analytics import MonthTotals
from assessments.statistics.metrics import MONTHS
from assessments.statistics.periods import last_months


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """One time bucket of the chart, a month or several merged ones; heights in percent of the tallest."""

    label: str  # Nov, or Aug-Sep
    months: int  # width, of twelve
    started: int
    completed: int
    started_height: int
    completed_height: int

    @property
    def started_top(self) -> int:
        return 100 - self.started_height

    @property
    def completed_top(self) -> int:
        return 100 - self.completed_height


def chart_columns(totals: Sequence[MonthTotals], now: datetime) -> tuple[ChartColumn, ...]:
    """The columns of twelve months, oldest first; a month without started assessments is empty."""
    tallest = max((total.started for total in totals), default=0)
    by_month = {month: total for total in totals for month in months_of(total)}
    found: list[ChartColumn] = []
    shown: MonthTotals | None = None
    for month in shown_months(now):
        total = by_month.get(f"{month:%Y-%m}")
        if total is None:
            found.append(ChartColumn(date_format(month, "M"), 1, 0, 0, 0, 0))
        elif total is shown:
            found[-1] = replace(found[-1], label=axis_label(total), months=found[-1].months + 1)
        else:
            found.append(
                ChartColumn(
                    axis_label(total),
                    1,
                    total.started,
                    total.completed,
                    share(total.started, tallest),
                    share(total.completed, tallest),
                )
            )
        shown = total
    return tuple(found)


def shown_months(now: datetime) -> list[date]:
    return [last_months(now, back).first for back in range(MONTHS, 0, -1)]


def months_of(total: MonthTotals) -> list[str]:
    month, found = date.fromisoformat(f"{total.first}-01"), []
    while f"{month:%Y-%m}" <= total.last:
        found.append(f"{month:%Y-%m}")
        month = (month + timedelta(days=31)).replace(day=1)
    return found


def axis_label(total: MonthTotals) -> str:
    first, last = (date.fromisoformat(f"{month}-01") for month in (total.first, total.last))
    names = [date_format(month, "M") for month in (first, last)]
    return names[0] if first == last else "-".join(names)


def share(part: float, whole: float) -> int:
    """`part` in percent of `whole`, at least 1 for a positive value, so that the bar is visible."""
    return max(1, round(100 * part / whole)) if part and whole else 0
