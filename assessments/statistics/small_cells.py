"""Figures split by where people came from, without groups so small that they tell of somebody. Pure.

Groups of fewer than ten runs are told together. If all of them together are still fewer than ten, the
smallest group beside them joins them: otherwise what is left out could be told by taking the rest from the
whole. Adding small groups together beforehand changes nothing in the result.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Runs that share one value: started, finished, with an address, qualified for a briefing."""

    name: str  # '' for runs that have no such value
    started: int
    completed: int
    leads: int
    briefing: int

    def __add__(self, other: "Group") -> "Group":
        return Group(
            self.name,
            self.started + other.started,
            self.completed + other.completed,
            self.leads + other.leads,
            self.briefing + other.briefing,
        )


def told_apart(groups: Iterable[Group], *, least: int, other: str) -> tuple[Group, ...]:
    """Every group of at least so many runs, the largest first, and then the rest as one group `other`.

    Empty when there are fewer runs than that in all.
    """
    shown: list[Group] = []
    rest = Group(other, 0, 0, 0, 0)
    for group in sorted(groups, key=lambda group: (-group.started, group.name)):
        if group.started >= least and group.name != other:
            shown.append(group)
        else:
            rest += group
    while 0 < rest.started < least and shown:
        rest += shown.pop()
    if rest.started <= 0:
        return tuple(shown)
    return (*shown, rest) if rest.started >= least else ()
