"""Small-cell suppression in splits by origin: no cell of fewer than k assessments is shown. Pure.

Small cells are merged into one cell "other". If that is still smaller than k, the smallest remaining cell
joins it (complementary suppression): otherwise it could be derived by subtracting the shown cells from the
total. Merging small cells beforehand does not change the result.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """Assessments of one origin: started, finished, with an address, qualified for a briefing.

    `viewed`: views of the landing page, which never decide whether a cell is shown.
    """

    name: str  # '' for assessments without an origin
    started: int
    completed: int
    leads: int
    briefing: int
    viewed: int = 0

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(
            self.name,
            self.started + other.started,
            self.completed + other.completed,
            self.leads + other.leads,
            self.briefing + other.briefing,
            self.viewed + other.viewed,
        )


def suppress_small_cells(cells: Iterable[Cell], *, k: int, other: str) -> tuple[Cell, ...]:
    """Cells of at least k started assessments, largest first, then the rest as one cell `other`.

    Empty when there are fewer than k in all.
    """
    by_name = {cell.name: cell for cell in cells}
    small = names_to_suppress({name: cell.started for name, cell in by_name.items()}, k=k, other=other)
    rest = Cell(other, 0, 0, 0, 0)
    for name in small:
        rest += by_name.pop(name)
    shown = sorted(by_name.values(), key=lambda cell: (-cell.started, cell.name))
    if rest.started <= 0:
        return tuple(shown)
    return (*shown, rest) if rest.started >= k else ()


def names_to_suppress(sizes: Mapping[str, int], *, k: int, other: str) -> list[str]:
    """The names to merge into `other`, given the sizes; the smallest first, an existing `other` included."""
    ordered = sorted(sizes, key=lambda name: (name != other and sizes[name] >= k, sizes[name], name))
    suppressed: list[str] = []
    rest = 0
    for name in ordered:
        if name == other or sizes[name] < k or 0 < rest < k:
            suppressed.append(name)
            rest += sizes[name]
    return suppressed
