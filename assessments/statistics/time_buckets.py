"""Days whose figures are told as one, so that no subtraction of periods leads to fewer than ten runs. Pure.

A stretch ends with a month. It goes on into the next while few runs were started in it, or few finished, or
few of any other kind that a figure is about: none of a kind is fine, one to nine are somebody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import add

Counts = tuple[int, ...]  # runs by kind, those that were started first


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the first day with a run to the last day, both included, under which all of it is told."""

    first: date
    last: date
    closed: bool  # later days do not join it any more


def stretches(days: Iterable[tuple[date, Counts]], *, before: date, least: int) -> list[Stretch]:
    """The stretches of these days, which come in order, all before that one; only the last may be open.

    Days that were moved to the end of their stretch give the same stretches again.
    """
    found: list[Stretch] = []
    first: date | None = None
    held: Counts = ()
    for end, month in groupby(days, key=lambda each: end_of_month(each[0])):
        for day, counts in month:
            first = first or day
            held = tuple(map(add, held, counts)) if held else counts
        if first and end < before and tells_of_nobody(held, least):
            found.append(Stretch(first, end, closed=True))
            first, held = None, ()
    if first:
        found.append(Stretch(first, before - timedelta(days=1), closed=False))
    return found


def tells_of_nobody(counts: Counts, least: int) -> bool:
    return counts[0] >= least and all(runs == 0 or runs >= least for runs in counts)


def end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
