"""The days that a figure actually covers: time buckets are counted whole. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Period:
    """A range of days in UTC, both ends included."""

    first: date
    last: date
    versions: tuple[UUID, ...] | None = None  # of questionnaires; None: all


@dataclass(frozen=True, slots=True)
class MergedDays:
    """Merged days of one figure, which can only be counted together."""

    figure: str
    first: date
    last: date


def last_days(now: datetime, days: int) -> Period:
    """The last `days` days, including today. `now` is aware."""
    today = now.astimezone(UTC).date()
    return Period(today - timedelta(days=days - 1), today)


def last_months(now: datetime, months: int) -> Period:
    """The current month to date and the months before it, `months` in all."""
    today = now.astimezone(UTC).date()
    year, month = divmod(today.year * 12 + today.month - months, 12)
    return Period(date(year, month + 1, 1), today)


def aligned_period(period: Period, merged: Iterable[MergedDays], figures: Collection[str]) -> Period:
    """The shortest period that begins no later and splits no merged days of these figures.

    A count over it covers the same assessments for each of the figures.
    """
    own = [days for days in merged if days.figure in figures]
    first = period.first
    while cut := [days.first for days in own if days.first < first <= days.last]:
        first = min(cut)
    return Period(first, period.last)
