"""When to try again. Pure: the caller brings the chance and the time."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SCHEDULE = (60, 300, 900, 1800, 3600)  # seconds
CLOCKS_DIFFER = 900.0  # seconds, at most
OUTAGE_CAP = 1800  # HubSpot is back long before an hour of waiting would help anyone


def delay(failures: int, chance: float) -> float:
    """Seconds until the next try after this many failures of a row (1 is the first).

    Full jitter: `chance` in [0, 1] spreads the tries over the whole step, so that rows which failed
    together do not come back together.
    """
    step = SCHEDULE[min(max(failures, 1), len(SCHEDULE)) - 1]
    return step * chance


def outage_delay(outages: int, chance: float) -> float:
    """The same for an outage of HubSpot, which is no fault of the row: never longer than half an hour."""
    return min(delay(outages, chance), OUTAGE_CAP)


def until_midnight(now: datetime, zone: str) -> float:
    """Seconds until HubSpot counts a new day for an account in this time zone.

    Just after midnight it is a quarter of an hour: our clock may be ahead of HubSpot's.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    midnight, next_midnight = (
        datetime.combine(day, time(), ZoneInfo(zone)) for day in (today, today + timedelta(days=1))
    )
    if (now - midnight).total_seconds() < CLOCKS_DIFFER:
        return CLOCKS_DIFFER
    return (next_midnight - now).total_seconds()
