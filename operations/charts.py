"""Sizes of the dashboard's bars, in percent: the templates only draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessments.statistics.analytics import Month, months_back

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One month of the chart: two numbers and their heights in percent of the tallest column."""

    label: str  # Nov
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


def columns(months: Sequence[Month], now: datetime) -> tuple[Column, ...]:
    """Twelve columns, the oldest first; a month without a start has an empty one."""
    found = {month.month: month for month in months}
    tallest = max((month.started for month in months), default=0)
    return tuple(column(months_back(now, back), found, tallest) for back in range(MONTHS - 1, -1, -1))


def column(first: datetime, found: dict[str, Month], tallest: int) -> Column:
    month = found.get(f"{first:%Y-%m}")
    started, completed = (month.started, month.completed) if month else (0, 0)
    return Column(f"{first:%b}", started, completed, share(started, tallest), share(completed, tallest))


def share(part: float, whole: float) -> int:
    """Percent, and at least 1 for anything that is there at all: a bar that nobody sees tells nothing."""
    return max(1, round(100 * part / whole)) if part and whole else 0
