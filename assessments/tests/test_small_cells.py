"""Splits by origin tell of nobody."""

from random import Random

import pytest

from assessments.statistics.small_cells import Group, told_apart


def group(name: str, started: int) -> Group:
    return Group(name, started, started, 0, 0)


def shown(*groups: Group) -> dict[str, int]:
    return {found.name: found.started for found in told_apart(groups, least=10, other="rest")}


def test_groups_of_ten_are_told_apart_the_largest_first() -> None:
    assert list(shown(group("a", 10), group("b", 11)).items()) == [("b", 11), ("a", 10)]


def test_smaller_groups_are_told_together() -> None:
    assert shown(group("a", 30), group("b", 9), group("c", 3)) == {"a": 30, "rest": 12}


def test_a_rest_that_is_small_takes_the_smallest_group_along() -> None:
    assert shown(group("a", 30), group("b", 20), group("c", 3)) == {"a": 30, "rest": 23}


def test_fewer_than_ten_in_all_are_not_split() -> None:
    assert shown(group("a", 6), group("b", 3)) == {}


def test_nothing_is_made_of_nothing() -> None:
    assert shown() == {}


def test_what_was_told_together_before_never_stands_alone() -> None:
    assert shown(group("a", 30), group("rest", 4), group("b", 12)) == {"a": 30, "rest": 16}


def test_all_parts_are_told_together() -> None:
    parts = (Group("a", 9, 8, 7, 6), Group("b", 4, 3, 2, 1))
    assert told_apart(parts, least=10, other="rest") == (Group("rest", 13, 11, 9, 7),)


@pytest.mark.parametrize("seed", range(50))
def test_no_subtraction_leads_to_a_small_group(seed: int) -> None:
    """Whoever knows the whole, and what was shown, learns of no group under ten."""
    random = Random(seed)
    groups = [group(f"g{number}", random.choice((1, 2, 5, 9, 10, 14, 60))) for number in range(12)]
    found = shown(*groups)
    whole = sum(each.started for each in groups)
    assert sum(found.values()) == whole
    assert min(found.values()) >= 10


@pytest.mark.parametrize("seed", range(50))
def test_folding_small_groups_beforehand_changes_nothing(seed: int) -> None:
    random = Random(seed)
    groups = [group(f"g{number}", random.choice((1, 2, 5, 9, 10, 14, 60))) for number in range(6)]
    small = [each for each in groups if each.started < 10]
    folded = [each for each in groups if each not in small]
    assert shown(*folded, group("rest", sum(each.started for each in small))) == shown(*groups)
