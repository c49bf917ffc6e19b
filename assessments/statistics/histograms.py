"""Arithmetic on counts: a histogram maps a value to how often it occurred. Pure."""

from collections.abc import Mapping


def mean(histogram: Mapping[int, int]) -> float:
    """To one decimal place, as everything that is shown."""
    total = sum(value * count for value, count in histogram.items())
    return round(total / sum(histogram.values()), 1)


def percentile(histogram: Mapping[int, int], fraction: float) -> float:
    """The value, or a place between two, below which that fraction of all lies: as PERCENTILE_CONT has it."""
    place = fraction * (sum(histogram.values()) - 1)
    before, share = divmod(place, 1)
    low = value_at(histogram, int(before))
    high = value_at(histogram, int(before) + (share > 0))
    return low + share * (high - low)


def value_at(histogram: Mapping[int, int], place: int) -> int:
    """The value at that place, from 0, when all are in order. Raises IndexError beyond the last."""
    for value, count in sorted(histogram.items()):
        place -= count
        if place < 0:
            return value
    raise IndexError("The histogram has no such place.")


def percent(part: int, whole: int) -> int:
    """Rounded; 0 of nothing."""
    return round(100 * part / whole) if whole else 0


def average(count: int, total: int) -> float | None:
    return round(total / count, 1) if count else None
