"""Counts and durations in words, in English. Pure."""

from datetime import timedelta

UNITS = ((86_400, "day"), (3_600, "hour"), (60, "min"))


def duration_in_words(duration: timedelta) -> str:
    """`now` under a minute, then `12 min`, `1 hour`, `3 days`: the largest whole unit."""
    seconds = duration.total_seconds()
    for length, unit in UNITS:
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}" if count == 1 or unit == "min" else f"{count} {unit}s"
    return "now"


def time_ago(duration: timedelta) -> str:
    """`just now`, `12 min ago`."""
    words = duration_in_words(duration)
    return "just now" if words == "now" else f"{words} ago"


def minutes_and_seconds(seconds: float) -> str:
    """Format 485 seconds as `8:05 min`."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02} min"


def count_with_noun(number: int, one: str) -> str:
    """`1 row`, `2,000 rows`: a number with its noun, for regular plurals."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
