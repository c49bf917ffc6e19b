"""Where a result hurts: the weakest area and what it costs. Pure: no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.results.transcript import AnsweredArea


@dataclass(frozen=True, slots=True)
class Insight:
    """`weakest`: the areas with the lowest score, the heaviest first; more than one is a tie."""

    weakest: tuple[AnsweredArea, ...]
    areas: int  # how many areas there are
    cost: int  # points (0-100) that the first of them takes from the total
    unknown: int  # questions answered "I don't know"
    asked: int  # scored questions that were shown

    @property
    def first(self) -> AnsweredArea:
        return self.weakest[0]

    @property
    def others(self) -> str:
        """The names of the weakest areas but the first."""
        return ", ".join(area.name for area in self.weakest[1:])

    @property
    def is_tie(self) -> bool:
        return len(self.weakest) > 1

    @property
    def has_heaviest(self) -> bool:
        """Whether one of the weakest counts more than the others."""
        return not self.is_tie or self.weakest[0].weight_percent > self.weakest[1].weight_percent

    @property
    def is_level(self) -> bool:
        """Whether all areas, of several, score the same."""
        return self.is_tie and len(self.weakest) == self.areas


def insight_of(areas: Sequence[AnsweredArea]) -> Insight | None:
    """The weakest area or areas; None without an area."""
    if not areas:
        return None
    lowest = min(area.score for area in areas)
    weakest = [area for area in areas if area.score == lowest]
    weakest.sort(key=lambda area: -area.weight_percent)
    lines = [line for area in areas for line in area.lines]
    return Insight(
        tuple(weakest),
        len(areas),
        round(sum(line.cost for line in weakest[0].lines)),
        sum(line.is_unknown for line in lines),
        sum(bool(line.attainable or line.is_unknown) for line in lines),
    )
