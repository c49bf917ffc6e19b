"""Splits by origin show no small cell."""

from random import Random

import pytest

from assessments.statistics.small_cells import Cell, suppress_small_cells


def cell(name: str, started: int) -> Cell:
    return Cell(name, started, started, 0, 0)


def shown(*cells: Cell) -> dict[str, int]:
    return {found.name: found.started for found in suppress_small_cells(cells, k=10, other="rest")}


def test_cells_of_ten_are_shown_the_largest_first() -> None:
    assert list(shown(cell("a", 10), cell("b", 11)).items()) == [("b", 11), ("a", 10)]


def test_smaller_cells_are_added_together() -> None:
    assert shown(cell("a", 30), cell("b", 9), cell("c", 3)) == {"a": 30, "rest": 12}


def test_a_rest_that_is_small_takes_the_smallest_cell_along() -> None:
    assert shown(cell("a", 30), cell("b", 20), cell("c", 3)) == {"a": 30, "rest": 23}


def test_fewer_than_ten_in_all_are_not_split() -> None:
    assert shown(cell("a", 6), cell("b", 3)) == {}


def test_nothing_is_made_of_nothing() -> None:
    assert shown() == {}


def test_what_was_added_together_before_never_stands_alone() -> None:
    assert shown(cell("a", 30), cell("rest", 4), cell("b", 12)) == {"a": 30, "rest": 16}


def test_all_parts_are_added_together() -> None:
    parts = (Cell("a", 9, 8, 7, 6), Cell("b", 4, 3, 2, 1))
    assert suppress_small_cells(parts, k=10, other="rest") == (Cell("rest", 13, 11, 9, 7),)


@pytest.mark.parametrize("seed", range(50))
def test_no_subtraction_leads_to_a_small_cell(seed: int) -> None:
    """The whole minus what is shown is no cell under ten either."""
    random = Random(seed)
    cells = [cell(f"g{number}", random.choice((1, 2, 5, 9, 10, 14, 60))) for number in range(12)]
    found = shown(*cells)
    whole = sum(each.started for each in cells)
    assert sum(found.values()) == whole
    assert min(found.values()) >= 10


@pytest.mark.parametrize("seed", range(50))
def test_folding_small_cells_beforehand_changes_nothing(seed: int) -> None:
    random = Random(seed)
    cells = [cell(f"g{number}", random.choice((1, 2, 5, 9, 10, 14, 60))) for number in range(6)]
    small = [each for each in cells if each.started < 10]
    folded = [each for each in cells if each not in small]
    assert shown(*folded, cell("rest", sum(each.started for each in small))) == shown(*cells)
