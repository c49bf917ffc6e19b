"""When to try again. Pure: the caller brings the chance."""

SCHEDULE = (60, 300, 900, 1800, 3600)  # seconds
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
