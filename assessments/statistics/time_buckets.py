"""Time buckets with k-anonymity: months are merged until none of their counts lies between 1 and k - 1. Pure.

Each kind of figure has its own buckets, so a small kind (such as abandoned assessments) merges its months
without affecting the others. A bucket ends with a month and never changes once it is closed; the last one may
be open. Two dashboards whose periods begin on different days differ by whole buckets: the difference, and
every count in it, is 0 or at least k, which prevents a differencing attack.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Span:
    """A count from one day to another, both included: a single day, or days merged before."""

    first: date
    last: date
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class TimeBucket:
    """Days counted as one. `closed`: large enough for k-anonymity, so later days do not join it."""

    first: date
    last: date
    counts: Counter[str]
    closed: bool


def merge_small_months(spans: Iterable[Span], *, before: date, k: int) -> list[TimeBucket]:
    """The buckets of one kind, in order; all spans end before that day, and no bucket splits a span.

    Idempotent: merging buckets again gives the same buckets.
    """
    ordered = sorted(spans, key=lambda span: span.last)
    buckets: list[TimeBucket] = []
    first: date | None = None
    held: Counter[str] = Counter()
    for span, next_first in zip(ordered, later_starts(ordered), strict=True):
        first = min(first or span.first, span.first)
        held = sum_counters(held, span.counts)
        end = end_of_month(span.last)
        if end < before and next_first > end and is_k_anonymous(held, k):
            buckets.append(TimeBucket(start_of_month(first), end, held, closed=True))
            first, held = None, Counter()
    if first:
        buckets.append(TimeBucket(start_of_month(first), before - timedelta(days=1), held, closed=False))
    return buckets


def is_k_anonymous(counts: Counter[str], k: int) -> bool:
    """Whether each count is 0 or at least k."""
    return all(count == 0 or count >= k for count in counts.values())


def later_starts(ordered: Sequence[Span]) -> list[date]:
    """For each span, the earliest first day of the spans after it."""
    starts = [date.max, *(span.first for span in reversed(ordered))]
    return list(accumulate(starts, min))[-2::-1]


def sum_counters(some: Counter[str], more: Counter[str]) -> Counter[str]:
    """The sum, including counts of 0 or less (`+` would drop them)."""
    total = some.copy()
    total.update(more)
    return total


def start_of_month(day: date) -> date:
    return day.replace(day=1)


def end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
