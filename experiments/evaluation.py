"""What an A/B test shows so far: rates, differences with intervals, and whether it may be stopped. Pure.

The intervals are a confidence sequence (normal mixture, Howard et al. 2021, the bounds of the mixture
sequential probability ratio test of Johari et al. 2015): they hold at every look, so whoever looks daily and
stops at the first difference is wrong in at most ALPHA of all tests, and not in a third of them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

ALPHA = 0.05
MIXTURE = 0.03**2  # variance of the differences that we expect, in squared shares
MISMATCH = 0.001  # a split as uneven as this is no chance
SMALLEST = 0.02  # a difference below this share is of no use to anybody
MOST_DAYS = 365


class State(StrEnum):
    NOBODY = "nobody"
    MISMATCH = "mismatch"
    BETTER = "better"
    WORSE = "worse"
    EQUAL = "equal"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Arm:
    """One variant, the first is what the others are compared with. `finished` out of `views`."""

    key: str
    weight: int
    views: int
    started: int
    finished: int
    qualified: int

    @property
    def rate(self) -> float:
        """The share of viewers who finished."""
        return self.finished / self.views if self.views else 0.0

    @property
    def smoothed(self) -> float:
        """The same with one success and one failure added: never 0 or 1, whose variance would be 0."""
        return (min(self.finished, self.views) + 1) / (self.views + 2)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more of its viewers finish than of the first arm's, in shares, with its interval."""

    arm: Arm
    difference: float
    low: float
    high: float
    days_left: int | None  # until the interval is clear; None: over a year

    @property
    def state(self) -> State:
        if self.low > 0:
            return State.BETTER
        if self.high < 0:
            return State.WORSE
        return State.EQUAL if self.low > -SMALLEST and self.high < SMALLEST else State.WAIT


@dataclass(frozen=True, slots=True)
class Evaluation:
    arms: tuple[Arm, ...]
    differences: tuple[Difference, ...]
    split: float  # probability of a split as uneven as this
    state: State

    @property
    def may_stop(self) -> bool:
        """Whether every arm is decided."""
        return self.state in (State.BETTER, State.WORSE, State.EQUAL)


def evaluate(arms: Sequence[Arm], days: float) -> Evaluation:
    """Compare the other arms with the first, after so many days."""
    split = split_probability(arms)
    if not all(arm.views for arm in arms) or len(arms) < 2:
        return Evaluation(tuple(arms), (), split, State.MISMATCH if split < MISMATCH else State.NOBODY)
    alpha = ALPHA / (len(arms) - 1)  # Bonferroni
    found = tuple(compare(arms[0], arm, days, alpha) for arm in arms[1:])
    return Evaluation(tuple(arms), found, split, overall(found, split))


def overall(differences: Sequence[Difference], split: float) -> State:
    states = [each.state for each in differences]
    if split < MISMATCH:
        return State.MISMATCH
    if State.BETTER in states:
        return State.BETTER
    if State.WAIT in states:
        return State.WAIT
    return State.WORSE if set(states) == {State.WORSE} else State.EQUAL


def compare(first: Arm, other: Arm, days: float, alpha: float) -> Difference:
    variance = sum(arm.smoothed * (1 - arm.smoothed) / (arm.views + 2) for arm in (first, other))
    difference = other.rate - first.rate
    width = half_width(variance, alpha)
    return Difference(
        other,
        difference,
        max(-1.0, difference - width),
        min(1.0, difference + width),
        days_left(variance, alpha, max(abs(difference), SMALLEST), days),
    )


def half_width(variance: float, alpha: float) -> float:
    """Half of the interval that holds at every look."""
    wide = variance + MIXTURE
    return math.sqrt(2 * variance * wide / MIXTURE * (math.log(1 / alpha) + 0.5 * math.log(wide / variance)))


def days_left(variance: float, alpha: float, wanted: float, days: float) -> int | None:
    """How many more days until the interval is as narrow as `wanted`, at the pace so far."""
    for more in range(MOST_DAYS):
        if half_width(variance * days / (days + more), alpha) <= wanted:
            return more
    return None


def split_probability(arms: Sequence[Arm]) -> float:
    """The probability of a split as uneven as this, if the weights are obeyed (chi-squared test)."""
    views, weights = sum(arm.views for arm in arms), sum(arm.weight for arm in arms)
    if not views or len(arms) < 2:
        return 1.0
    expected = [views * arm.weight / weights for arm in arms]
    statistic = sum((arm.views - wanted) ** 2 / wanted for arm, wanted in zip(arms, expected, strict=True))
    return chi_squared_tail(statistic, len(arms) - 1)


def chi_squared_tail(statistic: float, freedom: int) -> float:
    """The probability of more than this, by the recurrence over degrees of freedom."""
    half = statistic / 2
    tail = math.erfc(math.sqrt(half)) if freedom % 2 else math.exp(-half)
    for reached in range(1 if freedom % 2 else 2, freedom, 2):
        tail += half ** (reached / 2) * math.exp(-half) / math.gamma(reached / 2 + 1)
    return min(1.0, tail)
