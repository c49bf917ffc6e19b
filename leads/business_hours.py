"""The hours in which sales works, and moments counted in them. Pure: no database, no clock.

Written as "Mo-Fr 09:00-17:00", or "Mo,We,Sa 10:00-14:30": one span a day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from web import gettext_noop

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
WRITTEN = re.compile(r"([A-Z][a-z](?:[-,][A-Z][a-z])*) (\d\d:\d\d)-(\d\d:\d\d)")
MOST_DAYS_BACK = 15  # more than one week, so that a day of sales is always found


@dataclass(frozen=True, slots=True)
class BusinessHours:
    days: frozenset[int]  # 0 is Monday
    opens: time
    closes: time
    zone: ZoneInfo

    def spans_before(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield (start, end) of the hours until `moment`, latest first; the first one ends at `moment`."""
        day = moment.astimezone(self.zone).date()
        for _ in range(MOST_DAYS_BACK):
            if day.weekday() in self.days:
                start = datetime.combine(day, self.opens, self.zone)
                end = min(datetime.combine(day, self.closes, self.zone), moment)
                if start < end:
                    yield start, end
            day -= timedelta(days=1)

    def before(self, moment: datetime, duration: timedelta) -> datetime:
        """Return the moment from which this much working time has passed until `moment`.

        Outside working hours no time passes: five minutes before Monday 09:02 is Friday 16:57.
        """
        left, start = duration, moment
        for start, end in self.spans_before(moment):
            length = end.astimezone(ZoneInfo("UTC")) - start.astimezone(ZoneInfo("UTC"))
            if length >= left:
                return (end.astimezone(ZoneInfo("UTC")) - left).astimezone(self.zone)
            left -= length
        return start

    def start_of_day(self, moment: datetime) -> datetime:
        """Return when the working day before the current one ended: whoever comes later is for today.

        While sales is closed, the current day is the last one that was open.
        """
        spans = self.spans_before(moment)
        current, _ = next(spans)
        before, _ = next(spans, (current - timedelta(days=1), current))
        return datetime.combine(before.date(), self.closes, self.zone)


def parse_hours(text: str, zone: str) -> BusinessHours:
    """Read hours as they are written. Raises ValueError with what is wrong."""
    found = WRITTEN.fullmatch(text.strip())
    if not found:
        raise ValueError(gettext_noop("Write them like this: Mo-Fr 09:00-17:00"))
    days = {day for part in found[1].split(",") for day in days_of(part)}
    opens, closes = time.fromisoformat(found[2]), time.fromisoformat(found[3])
    if opens >= closes:
        raise ValueError(gettext_noop("The hours end before they begin."))
    return BusinessHours(frozenset(days), opens, closes, ZoneInfo(zone))


def days_of(part: str) -> range:
    """Read "Mo" or "Mo-Fr" as numbers of days."""
    first, *last = part.split("-")
    if len(last) > 1 or not {first, *last} <= set(DAYS):
        raise ValueError(gettext_noop("Days are Mo, Tu, We, Th, Fr, Sa, Su."))
    days = range(DAYS.index(first), DAYS.index(last[0] if last else first) + 1)
    if not days:
        raise ValueError(gettext_noop("The days end before they begin."))
    return days
