from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecard.definition import Definition
from scorecard.scoring import Points, half_up, points, score
from scorecard.tests.builders import POINTS, definition, four_areas, question, section

FORM = four_areas()
OPTIONS = "ABCDE"
some_answers = st.dictionaries(st.sampled_from(list(FORM.questions)), st.sampled_from(OPTIONS))
some_questions = st.frozensets(st.sampled_from(list(FORM.questions)))


def answers(areas: dict[str, str]) -> dict[str, str]:
    """`{"north": "ABCD"}` answers north_1 with A, north_2 with B ..."""
    return {
        f"{area}_{number}": letter
        for area, letters in areas.items()
        for number, letter in enumerate(letters, 1)
    }


# Worked by hand: an area of four questions earns the sum of A=25 B=15 C=10 D=5 E=0 of 100 points.
GOLDEN = [
    # north 25 %, east 35 %, south 25 %, west 15 %, exact total, total, category
    ("EEEE", "EEEE", "EEEE", "EEEE", "0", 0, "crisis"),
    ("DDDD", "DDDD", "DDDE", "BDEE", "18.75", 19, "crisis"),
    ("DDDD", "DDDD", "DDDD", "DDDD", "20", 20, "alert"),
    ("BCCD", "BCCD", "CCCC", "BCCD", "40", 40, "risk_zone"),
    ("CCCC", "BCCE", "CCCC", "BBCD", "39", 39, "alert"),
    ("BBBB", "BBBB", "BBBB", "BBCB", "59.25", 59, "risk_zone"),
    ("BBBB", "BBBB", "BBBB", "BBBB", "60", 60, "builder"),
    ("AABB", "AABB", "AABC", "AABB", "78.75", 79, "builder"),
    ("AABB", "AABB", "AABB", "AABB", "80", 80, "champion"),
    ("AAAA", "AAAA", "AAAA", "AAAA", "100", 100, "champion"),
    ("AADE", "AADE", "AACE", "AABD", "58.5", 59, "risk_zone"),  # half up: half to even gives 58
    ("AAAD", "AAAD", "AAAD", "AABD", "78.5", 79, "builder"),
    ("AAAA", "AAAA", "AAAA", "AAAC", "97.75", 98, "champion"),
]


@pytest.mark.parametrize(("north", "east", "south", "west", "exact", "total", "category"), GOLDEN)
def test_golden_totals(
    north: str, east: str, south: str, west: str, exact: str, total: int, category: str
) -> None:
    result = score(FORM, answers({"north": north, "east": east, "south": south, "west": west}))
    assert (result.total, result.category) == (total, category)
    assert weighted_by_hand(result.areas) == Fraction(exact)


def weighted_by_hand(areas: object) -> Fraction:
    assert isinstance(areas, dict)
    return Fraction(25 * areas["north"] + 35 * areas["east"] + 25 * areas["south"] + 15 * areas["west"], 100)


@pytest.mark.parametrize(
    ("earned", "attainable", "expected"),
    [(1, 200, 1), (1, 201, 0), (3, 200, 2), (5, 200, 3), (1, 3, 33), (2, 3, 67), (0, 7, 0), (7, 7, 100)],
)
def test_an_area_rounds_half_up(earned: int, attainable: int, expected: int) -> None:
    assert Points(earned=earned, attainable=attainable).score == expected


def test_half_goes_up_where_bankers_would_go_down() -> None:
    assert [half_up(Fraction(n, 2)) for n in (1, 3, 5)] == [1, 2, 3]


def test_areas_come_in_the_order_of_the_sections() -> None:
    assert list(score(FORM, {}).areas) == ["north", "east", "south", "west"]


def test_an_unanswered_question_counts_as_nothing_earned() -> None:
    assert score(FORM, answers({"north": "AA"})).areas["north"] == 50


def test_a_hidden_question_is_neither_earned_nor_attainable() -> None:
    shown = {"north_1", "north_2"}
    assert points(FORM, answers({"north": "AAEE"}), shown=shown) == {"north": Points(50, 50)}


def test_weights_renormalise_over_the_areas_shown() -> None:
    shown = {key for key in FORM.questions if key.startswith(("north", "west"))}
    result = score(FORM, answers({"north": "AAAA", "east": "AAAA", "west": "EEEE"}), shown=shown)
    assert result.areas == {"north": 100, "west": 0}
    assert result.total == half_up(Fraction(100 * 25, 40))


def test_a_question_without_points_leaves_its_area_out() -> None:
    form = definition(
        section("a", question("a_1"), weight="0.5"), section("b", question("b_1", (None, None)), weight="0.5")
    )
    assert score(form, {"a_1": "A", "b_1": "A"}).areas == {"a": 100}


def test_nothing_shown_scores_zero() -> None:
    result = score(FORM, answers({"north": "AAAA"}), shown=())
    assert (result.total, result.areas, result.category) == (0, {}, "crisis")


def test_answers_to_unknown_questions_and_options_earn_nothing() -> None:
    assert score(FORM, {"nobody_1": "A", "north_1": "Z"}).total == 0


@given(some_answers, some_questions)
def test_every_score_lies_between_0_and_100(given: dict[str, str], shown: frozenset[str]) -> None:
    result = score(FORM, given, shown=shown)
    assert all(0 <= value <= 100 for value in [result.total, *result.areas.values()])


@given(some_answers, some_questions, st.data())
def test_a_better_answer_never_lowers_a_score(
    given: dict[str, str], shown: frozenset[str], data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(list(FORM.questions)))
    worse, better = sorted(data.draw(st.tuples(*[st.sampled_from(OPTIONS)] * 2)), reverse=True)
    low, high = (score(FORM, given | {key: option}, shown=shown) for option in (worse, better))
    assert low.total <= high.total
    assert all(low.areas[area] <= high.areas[area] for area in low.areas)


@given(some_answers, st.randoms())
def test_the_order_of_answers_does_not_matter(given: dict[str, str], random: Random) -> None:
    shuffled = list(given.items())
    random.shuffle(shuffled)
    assert score(FORM, dict(shuffled)) == score(FORM, given)


@given(some_answers, some_questions)
def test_the_total_stays_between_its_worst_and_best_area(
    given: dict[str, str], shown: frozenset[str]
) -> None:
    result = score(FORM, given, shown=shown)
    if result.areas:
        assert min(result.areas.values()) <= result.total <= max(result.areas.values())


@given(st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=4), st.integers(1, 10_000))
def test_the_weight_of_an_only_area_does_not_matter(letters: list[str], weight: int) -> None:
    def form(weight: str) -> Definition:
        return definition(section("a", *(question(f"a_{n}") for n in range(1, 5)), weight=weight))

    given = answers({"a": "".join(letters)})
    assert score(form(f"{weight / 10_000:.4f}"), given) == score(form("1"), given)


@given(some_answers)
def test_a_full_form_scores_as_the_product_says(given: dict[str, str]) -> None:
    worth = dict(zip(OPTIONS, POINTS, strict=True))
    earned = {
        area: sum(worth[letter] for key, letter in given.items() if key.startswith(area))
        for area in ("north", "east", "south", "west")
    }
    assert score(FORM, given).total == half_up(weighted_by_hand(earned))
