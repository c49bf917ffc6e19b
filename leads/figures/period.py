"""Periods that may be asked for, and the one that another is compared with. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from web import gettext_noop as _

LONGEST = 3660  # days
DEFAULT = 30
FIRST_YEAR, LAST_YEAR = 1900, 2999


@dataclass(frozen=True, slots=True)
class Span:
    """Days in UTC, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_whole_months(self) -> bool:
        return self.first.day == 1 and (self.last + timedelta(days=1)).day == 1

    @property
    def start(self) -> datetime:
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return Span(self.last + timedelta(days=1), self.last).start

    def before(self) -> "Span":
        """The period of the same length just before; of whole months as many whole months."""
        last = self.first - timedelta(days=1)
        if not self.is_whole_months:
            return Span(last - timedelta(days=self.days - 1), last)
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return Span(months_back(self.first, months), last)

    def year_before(self) -> "Span":
        first = months_back(self.first, 12)
        if self.is_whole_months:
            following = self.last + timedelta(days=1)
            return Span(first, months_back(following, 12) - timedelta(days=1))
        return Span(first, first + timedelta(days=self.days - 1))


def months_back(day: date, months: int) -> date:
    """The same day so many months before, or the last one that month has."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def read_span(first: str, last: str, today: date) -> Span:
    """Read two days, `2026-11` for whole months, or nothing for the last 30 days. Raises ValueError."""
    end = last_day(last) if last else today
    start = first_day(first) if first else end - timedelta(days=DEFAULT - 1)
    if start > end:
        raise ValueError(_("The period ends before it begins."))
    if start.year < FIRST_YEAR or end.year > LAST_YEAR:  # whose neighbours no date can name
        raise ValueError(_("The period lies before the year 1900 or after 2999."))
    if (end - start).days >= LONGEST:
        raise ValueError(_("The period is longer than ten years."))
    return Span(start, end)


def first_day(text: str) -> date:
    return date.fromisoformat(f"{text}-01" if len(text) == 7 else text)


def last_day(text: str) -> date:
    if len(text) != 7:
        return date.fromisoformat(text)
    return months_back(date.fromisoformat(f"{text}-01"), -1) - timedelta(days=1)
