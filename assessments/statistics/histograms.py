"""Arithmetic on histograms: a histogram maps a value to how often it occurred. Pure."""

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate


def mean(histogram: Mapping[int, int]) -> float:
    """The mean to one decimal place, the precision of every figure shown."""
    total = sum(value * count for value, count in histogram.items())
    return round(total / sum(histogram.values()), 1)


def percentile(histogram: Mapping[int, int], fraction: float) -> float:
    """The value below which that fraction lies, interpolated like PERCENTILE_CONT."""
    place = fraction * (sum(histogram.values()) - 1)
    before, share = divmod(place, 1)
    ordered = sorted(histogram)
    up_to = list(accumulate(histogram[value] for value in ordered))  # how many lie up to each value
    low, high = (ordered[bisect_right(up_to, index)] for index in (int(before), int(before) + (share > 0)))
    return low + share * (high - low)


def percent(part: int, whole: int) -> int:
    """Percent, rounded; 0 when the total is 0."""
    return round(100 * part / whole) if whole else 0


def average(count: int, total: int) -> float | None:
    return round(total / count, 1) if count else None
