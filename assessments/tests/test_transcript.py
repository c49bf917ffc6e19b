"""Answers in words."""

from fractions import Fraction

from assessments.results.transcript import transcript
from scorecard.scoring import score
from scorecard.tests.builders import definition, four_areas, question, section

ALL_D = dict.fromkeys(four_areas().questions, "D")


def test_every_area_comes_in_the_order_of_the_form() -> None:
    form = four_areas()
    areas = transcript(form, ALL_D, score(form, ALL_D).areas)
    assert [(area.key, area.score, area.weight_percent) for area in areas] == [
        ("north", 20, 25),
        ("east", 20, 35),
        ("south", 20, 25),
        ("west", 20, 15),
    ]


def test_a_line_says_what_was_chosen_and_what_it_earned() -> None:
    form = definition(section("north", question("north_1")))
    (area,) = transcript(form, {"north_1": "B"}, {"north": 60})
    (line,) = area.lines
    assert (line.answer, line.points, line.attainable, line.percent) == ("Answer B", 15, 25, 60)


def test_an_unanswered_question_says_so() -> None:
    form = definition(section("north", question("north_1")))
    (area,) = transcript(form, {}, {"north": 0})
    assert (area.lines[0].answer, area.lines[0].points) == ("Not answered", 0)


def test_the_costs_of_all_answers_are_what_the_total_lacks() -> None:
    form = four_areas()
    areas = transcript(form, ALL_D, score(form, ALL_D).areas)
    assert sum(line.cost for area in areas for line in area.lines) == Fraction(80)


def test_an_area_that_was_not_scored_is_left_out_and_its_weight_shared() -> None:
    form = definition(
        section("north", question("north_1"), weight="0.5"), section("east", question("east_1"), weight="0.5")
    )
    (area,) = transcript(form, {"north_1": "E"}, {"north": 0})
    assert (area.weight_percent, int(area.lines[0].cost)) == (100, 100)


def test_a_question_without_points_costs_nothing() -> None:
    form = definition(section("north", question("north_1"), question("north_2", points=(None, None))))
    (area,) = transcript(form, {"north_1": "A", "north_2": "B"}, {"north": 100})
    assert (int(area.lines[1].cost), area.lines[1].percent) == (0, 100)
