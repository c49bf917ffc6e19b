import json
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest

from scorecard.definition import freeze, parse
from scorecard.tests.builders import definition, four_areas, question, section


def test_parse_undoes_freeze_through_json() -> None:
    original = four_areas()
    assert parse(json.loads(json.dumps(freeze(original)))) == original


def test_a_weight_stays_exact() -> None:
    thirds = definition(section("a", question("a_1"), weight="0.3333"))
    assert parse(json.loads(json.dumps(freeze(thirds)))).sections[0].weight == Decimal("0.3333")


def test_an_option_without_points_stays_without_points() -> None:
    unscored = definition(section("a", question("a_1", points=(None, 5))))
    assert parse(freeze(unscored)).questions["a_1"].options[0].points is None


def test_questions_are_listed_in_the_order_of_the_form() -> None:
    form = definition(section("z", question("z_1"), question("b_2")), section("a", question("a_1")))
    assert list(form.questions) == ["z_1", "b_2", "a_1"]


def test_each_section_is_a_step() -> None:
    assert four_areas().total_steps == 4


def test_an_option_is_found_by_its_id() -> None:
    found = question("a_1").option("B")
    assert found is not None
    assert found.points == 15


def test_an_unknown_option_is_none() -> None:
    assert question("a_1").option("Z") is None


def test_a_band_is_found_by_its_key() -> None:
    assert four_areas().band("builder").min_score == 60


def test_an_unknown_band_is_named() -> None:
    with pytest.raises(LookupError, match="no score band 'hero'"):
        four_areas().band("hero")


def test_a_total_in_a_gap_is_an_error() -> None:
    gap = replace(four_areas(), bands=four_areas().bands[1:])
    with pytest.raises(LookupError, match="no score band for 7"):
        gap.band_of(7)


def test_a_definition_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        four_areas().name = "Other"  # type: ignore[misc]  # that is the point
