"""Backoff for calls to HubSpot. Pure: the caller supplies randomness and time."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from queues.backoff import retry_delay

CLOCKS_DIFFER = 900.0  # seconds, at most
OUTAGE_CAP = 1800  # a longer backoff has no benefit


def outage_delay(outages: int, chance: float) -> float:
    """Backoff in seconds during an outage, which is not the row's fault: half an hour at most."""
    return min(retry_delay(outages, chance), OUTAGE_CAP)


def until_midnight(now: datetime, zone: str) -> float:
    """Seconds until the daily quota of an account in this time zone resets.

    Just after midnight it is a quarter of an hour: our clock may be ahead of HubSpot's.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    midnight, next_midnight = (
        datetime.combine(day, time(), ZoneInfo(zone)) for day in (today, today + timedelta(days=1))
    )
    if (now - midnight).total_seconds() < CLOCKS_DIFFER:
        return CLOCKS_DIFFER
    return (next_midnight - now).total_seconds()
