"""A/B results: rates, intervals that may be looked at daily, the split, and words."""

from random import Random

import pytest

from experiments.evaluation import Arm, State, chi_squared_tail, evaluate, split_probability
from experiments.verdict import verdict


def arm(key: str, views: int, finished: int, weight: int = 1) -> Arm:
    return Arm(key, weight, views, finished, finished, 0)


def said(*arms: Arm, days: float = 10) -> str:
    return str(verdict(evaluate(arms, days)))


def test_a_clear_difference_says_who_is_better_and_by_how_much() -> None:
    words = said(arm("a", 5000, 1000), arm("b", 5000, 1300))
    assert words.startswith("b is better than a: +6.0 points (+")
    assert evaluate([arm("a", 5000, 1000), arm("b", 5000, 1300)], 10).may_stop


def test_the_first_may_be_the_best() -> None:
    assert said(arm("a", 5000, 1300), arm("b", 5000, 1000)).startswith("a is better than every other")


def test_too_little_says_how_long_it_still_takes() -> None:
    words = said(arm("a", 300, 60), arm("b", 310, 75))
    assert words.startswith("Not enough data, about ")
    assert words.endswith(" days more.")


def test_a_test_that_ended_too_early_has_no_days_left() -> None:
    found = evaluate([arm("a", 300, 60), arm("b", 310, 75)], 10)
    assert str(verdict(found, has_ended=True)) == "It was stopped before there was enough data."


def test_a_pace_that_leads_nowhere_is_told() -> None:
    assert "more than a year" in said(arm("a", 20, 4), arm("b", 20, 4), days=300)


def test_no_difference_that_matters_is_a_result() -> None:
    assert said(arm("a", 200_000, 40_000), arm("b", 200_000, 40_100)).startswith("No variant differs")


def test_an_uneven_split_is_not_to_be_believed() -> None:
    assert "Do not believe" in said(arm("a", 5000, 1000), arm("b", 4000, 1300))


def test_a_variant_that_nobody_sees_while_many_see_the_other_is_no_chance() -> None:
    assert "Do not believe" in said(arm("a", 5000, 1000), arm("b", 0, 0))


def test_weights_are_part_of_the_split() -> None:
    assert split_probability((arm("a", 1000, 1, weight=1), arm("b", 3000, 1, weight=3))) == 1.0


def test_a_variant_that_nobody_saw_says_so() -> None:
    assert said(arm("a", 10, 1), arm("b", 0, 0)) == "Not every variant has been seen yet."


@pytest.mark.parametrize(
    ("statistic", "freedom", "tail"),  # tables of the chi-squared distribution
    [(3.841, 1, 0.05), (6.635, 1, 0.01), (5.991, 2, 0.05), (7.815, 3, 0.05), (9.488, 4, 0.05), (0, 3, 1.0)],
)
def test_the_tail_is_that_of_the_tables(statistic: float, freedom: int, tail: float) -> None:
    assert chi_squared_tail(statistic, freedom) == pytest.approx(tail, abs=2e-4)


def test_who_looks_daily_at_two_equal_variants_is_seldom_wrong() -> None:
    """Of 200 tests without a difference, looked at after each hundred views, at most ALPHA find one."""
    random, wrong = Random(14), 0
    for _ in range(200):
        counts = [[0, 0], [0, 0]]
        for day in range(1, 31):
            for side in counts:
                side[0] += 100
                side[1] += sum(random.random() < 0.2 for _ in range(100))
            arms = [arm(name, *side) for name, side in zip("ab", counts, strict=True)]
            if evaluate(arms, day).state in (State.BETTER, State.WORSE):
                wrong += 1
                break
    assert wrong <= 10
