"""Arithmetic on histograms: a histogram maps a value to how often it occurred. Pure."""

from collections.abc import Mapping


def mean(histogram: Mapping[int, int]) -> float:
    """The mean to one decimal place, the precision of every figure shown."""
    total = sum(value * count for value, count in histogram.items())
    return round(total / sum(histogram.values()), 1)


def percentile(histogram: Mapping[int, int], fraction: float) -> float:
    """The value below which that fraction lies, interpolated like PERCENTILE_CONT."""
    place = fraction * (sum(histogram.values()) - 1)
    before, share = divmod(place, 1)
    low = value_at(histogram, int(before))
    high = value_at(histogram, int(before) + (share > 0))
    return low + share * (high - low)


def value_at(histogram: Mapping[int, int], place: int) -> int:
    """The value at an index, from 0, of all values sorted. Raises IndexError beyond the last."""
    for value, count in sorted(histogram.items()):
        place -= count
        if place < 0:
            return value
    raise IndexError("The histogram has no such place.")


def percent(part: int, whole: int) -> int:
    """Percent, rounded; 0 when the total is 0."""
    return round(100 * part / whole) if whole else 0


def average(count: int, total: int) -> float | None:
    return round(total / count, 1) if count else None
