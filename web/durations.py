"""How long something took or has been waiting, in words. Pure."""

from datetime import timedelta

UNITS = ((86_400, "day"), (3_600, "hour"), (60, "min"))


def in_words(duration: timedelta) -> str:
    """`now` under a minute, then `12 min`, `1 hour`, `3 days`: the largest whole unit."""
    seconds = duration.total_seconds()
    for length, unit in UNITS:
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}" if count == 1 or unit == "min" else f"{count} {unit}s"
    return "now"


def ago(duration: timedelta) -> str:
    """`just now`, `12 min ago`."""
    words = in_words(duration)
    return "just now" if words == "now" else f"{words} ago"


def minutes(seconds: float) -> str:
    """`8:05 min` of 485 seconds."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02} min"
