import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecard.definition import Levels
from scorecard.recommendations import recommend
from scorecard.tests.builders import definition, four_areas, question, section

FORM = four_areas()


@pytest.mark.parametrize(
    ("score", "expected"),
    [(0, "high"), (49, "high"), (50, "medium"), (70, "medium"), (71, "low"), (100, "low")],
)
def test_the_level_follows_the_score(score: int, expected: str) -> None:
    assert Levels().of(score) == expected


def test_the_most_urgent_area_comes_first() -> None:
    found = recommend(FORM, {"north": 71, "east": 49, "south": 20, "west": 60})
    assert [(item.section, item.level) for item in found] == [
        ("south", "high"),
        ("east", "high"),
        ("west", "medium"),
        ("north", "low"),
    ]


def test_of_equal_scores_the_heavier_area_comes_first() -> None:
    found = recommend(FORM, {"north": 40, "east": 40, "south": 40, "west": 40})
    assert [item.section for item in found] == ["east", "north", "south", "west"]


def test_an_area_that_could_not_score_gets_no_recommendation() -> None:
    assert [item.section for item in recommend(FORM, {"west": 10})] == ["west"]


def test_areas_of_another_questionnaire_are_ignored() -> None:
    assert recommend(definition(section("a", question("a_1"))), {"b": 10}) == ()


@given(st.dictionaries(st.sampled_from([section.key for section in FORM.sections]), st.integers(0, 100)))
def test_each_scored_area_gets_exactly_one_recommendation(areas: dict[str, int]) -> None:
    found = recommend(FORM, areas)
    assert sorted(item.section for item in found) == sorted(areas)
    assert [areas[item.section] for item in found] == sorted(areas.values())
