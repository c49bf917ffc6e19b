"""Values of figures as people read them."""

from datetime import timedelta

from django.utils.formats import number_format

from web.formatting import duration_in_words, minutes_and_seconds

AN_HOUR = timedelta(hours=1)
UNITS = {"rate": "%", "seconds": "s"}  # by how the name of a column ends


def shown(value: float | None, unit: str) -> str:
    """`1,234`, `56.7 %` or `7:32 min` in the active language; a dash for what is not known."""
    if value is None:
        return "-"
    if unit == "s":
        waited = timedelta(seconds=value)
        return duration_in_words(waited) if waited >= AN_HOUR else minutes_and_seconds(value)
    words = number_format(value, force_grouping=True)
    return f"{words} %" if unit == "%" else words


def unit_of(column: str) -> str:
    return UNITS.get(column.rpartition("_")[2], "")
