"""Averages of invited colleagues, in which nobody's score can be found. Pure: no database, no clock.

Two colleagues at a time, in the order in which they finished, become one average, rounded to tens and between
10 and 90. Only that is stored, so comparing two visits reveals nobody: the difference is again the average of
two. Whoever knows one of the two scores, because they answered in that person's place, learns the other one
within a range of 20 points.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

TOTAL = ""  # the key of the total, beside those of the areas
STEP, LEAST, MOST = 10, 10, 90

# {area or TOTAL: (pairs, sum of their rounded averages)}
PairAverages = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of the comparison: the sender's score (0-100), and the average of the colleagues."""

    name: str  # '' for the total
    own: int
    average: int

    @property
    def is_least(self) -> bool:
        """Whether the average may be lower than it says."""
        return self.average <= LEAST

    @property
    def is_most(self) -> bool:
        """Whether the average may be higher than it says."""
        return self.average >= MOST


@dataclass(frozen=True, slots=True)
class Colleagues:
    """How many are counted, and the rows: the total first, then each area. Empty before the first pair."""

    people: int = 0
    rows: tuple[Compared, ...] = ()


def average_of_pair(one: int, other: int) -> int:
    """The average of two scores (0-100), half up to tens, between 10 and 90."""
    rounded = (one + other + STEP) // (2 * STEP) * STEP
    return min(max(rounded, LEAST), MOST)


def with_pair(averages: PairAverages, one: Mapping[str, int], other: Mapping[str, int]) -> PairAverages:
    """`averages` and two more colleagues, given their scores; what only one of them has is left out."""
    added = dict(averages)
    for key in one.keys() & other.keys():
        pairs, total = averages.get(key, (0, 0))
        added[key] = (pairs + 1, total + average_of_pair(one[key], other[key]))
    return added


def compare_with_colleagues(
    averages: PairAverages, *, total: int | None, areas: Iterable[tuple[str, str, int]]
) -> Colleagues:
    """What the sender sees. `areas`: key, name and own score of each."""
    if TOTAL not in averages or total is None:
        return Colleagues()
    own = [(TOTAL, "", total), *areas]
    rows = [
        Compared(name, score, average_of_pairs(*averages[key])) for key, name, score in own if key in averages
    ]
    return Colleagues(2 * averages[TOTAL][0], tuple(rows))


def average_of_pairs(pairs: int, total: int) -> int:
    """The average of all pairs, half up."""
    return int(Fraction(total, pairs) + Fraction(1, 2))
