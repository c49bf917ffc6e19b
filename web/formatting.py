"""Counts and durations in words: durations in the active language, counts in English."""

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

UNITS = (
    (
        86_400,
        ngettext_lazy("%(count)d day", "%(count)d days", "count"),
        ngettext_lazy("%(count)d day ago", "%(count)d days ago", "count"),
    ),
    (
        3_600,
        ngettext_lazy("%(count)d hour", "%(count)d hours", "count"),
        ngettext_lazy("%(count)d hour ago", "%(count)d hours ago", "count"),
    ),
    (60, gettext_lazy("%(count)d min"), gettext_lazy("%(count)d min ago")),
)


def duration_in_words(duration: timedelta) -> str:
    """`now` under a minute, then `12 min`, `1 hour`, `3 days`: the largest whole unit."""
    seconds = duration.total_seconds()
    for length, words, _ago in UNITS:
        if seconds >= length:
            return words % {"count": int(seconds // length)}
    return _("now")


def time_ago(duration: timedelta) -> str:
    """`just now`, `12 min ago`."""
    seconds = duration.total_seconds()
    for length, _words, ago in UNITS:
        if seconds >= length:
            return ago % {"count": int(seconds // length)}
    return _("just now")


def short_day(day: date) -> str:
    """`2026-12-01`, or as the active language writes a day in figures."""
    return date_format(day, _("Y-m-d"))


def minutes_and_seconds(seconds: float) -> str:
    """Format 485 seconds as `8:05 min`."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02} min"


def count_with_noun(number: int, one: str) -> str:
    """`1 row`, `2,000 rows`: a number with its noun, for regular plurals."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
