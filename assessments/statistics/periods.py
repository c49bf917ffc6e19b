"""The days that a figure really covers: time buckets are counted whole. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included, in UTC."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class MergedDays:
    """Days of one figure that were merged, and can only be counted together."""

    figure: str
    first: date
    last: date


def last_days(now: datetime, days: int) -> Period:
    """So many days, of which the last is today. `now` is aware."""
    today = now.astimezone(UTC).date()
    return Period(today - timedelta(days=days - 1), today)


def last_months(now: datetime, months: int) -> Period:
    """This month as far as it has come, and the months before it, so many in all."""
    today = now.astimezone(UTC).date()
    year, month = divmod(today.year * 12 + today.month - months, 12)
    return Period(date(year, month + 1, 1), today)


def aligned_period(period: Period, merged: Iterable[MergedDays], figures: Collection[str]) -> Period:
    """The shortest period that begins no later and cuts no merged days of these figures in two.

    A count over it is about the same assessments for each of the figures.
    """
    own = [days for days in merged if days.figure in figures]
    first = period.first
    while cut := [days.first for days in own if days.first < first <= days.last]:
        first = min(cut)
    return Period(first, period.last)
