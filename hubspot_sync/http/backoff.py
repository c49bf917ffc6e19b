"""When to ask HubSpot again. Pure: the caller brings the chance and the time."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from queues.backoff import delay

CLOCKS_DIFFER = 900.0  # seconds, at most
OUTAGE_CAP = 1800  # HubSpot is back long before an hour of waiting would help anyone


def outage_delay(outages: int, chance: float) -> float:
    """Seconds until the next try in an outage, which is no fault of the row: half an hour at most."""
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
