"""What a result leads to: the weakest area, the first steps, the gauge and the way to a conversation."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from assessments.results.gauge import gauge_of
from assessments.results.insight_words import weakest_in_words
from assessments.results.next_step import CALL_BACK, next_step
from assessments.results.result import Result, result_of_answers
from assessments.results.sample import sample_result
from branding.adviser import Adviser, read_adviser
from branding.brand import UNSET, Brand
from branding.contrast import PARTS, ratio
from branding.palette import DARK, LIGHT, band_css, nearest_readable
from conftest import reality_check
from scorecard.adaptive.shuffling import options_in_order
from scorecard.definition import Band, CallToAction

AT = datetime(2026, 11, 28, tzinfo=UTC)


def result(everywhere: str, **answers: str) -> Result:
    definition = reality_check()
    return result_of_answers(definition, dict.fromkeys(definition.questions, everywhere) | answers, AT)


def test_advice_never_asks_for_what_is_in_place() -> None:
    found = result("E", governance_3="A")
    said = [item for advice in found.advice for item in advice.action_items]
    own = reality_check().questions["governance_3"]
    assert all(option.advice not in said for option in own.options)


def test_the_costliest_answers_come_first_and_three_at_most() -> None:
    steps = result("B", customer_safe_2="E", value_assurance_1="E").first_steps
    questions = reality_check().questions
    assert len(steps) == 3
    assert [step.question for step in steps[:2]] == [
        questions["customer_safe_2"].text,
        questions["value_assurance_1"].text,
    ]


def test_what_one_could_not_say_is_a_step_and_a_finding() -> None:
    found = result("A", governance_2="U", governance_4="U")
    assert [step.is_unknown for step in found.first_steps] == [True, True]
    assert found.insight
    assert (found.insight.unknown, found.insight.asked) == (2, 16)
    assert found.total == 100


def test_who_has_everything_hears_how_to_keep_it() -> None:
    assert len(result("A").first_steps) == 3


def test_no_step_is_told_twice() -> None:
    found = result("D")
    said = [step.text for step in found.first_steps]
    said += [item for advice in found.further_advice for item in advice.action_items]
    assert len(set(said)) == len(said)


def test_the_weakest_area_is_told_with_its_cost() -> None:
    weakest = dict.fromkeys([f"governance_{number}" for number in (1, 2, 3, 4)], "E")
    insight = result("A", **weakest).insight
    assert insight
    assert (insight.first.key, insight.cost, insight.is_tie) == ("governance", 15, False)


def test_a_tie_is_told_as_a_tie_and_the_heaviest_area_comes_first() -> None:
    insight = result("C").insight
    assert insight
    assert (insight.is_level, insight.first.key) == (True, "customer_safe")
    two = result("C", **{f"{area}_1": "D" for area in ("governance", "value_assurance")}).insight
    assert two
    assert [area.key for area in two.weakest] == ["value_assurance", "governance"]
    assert (two.is_tie, two.is_level) == (True, False)
    assert weakest_in_words(two).endswith("AI Value Assurance counts most, so start there.")


def test_of_areas_that_count_alike_none_is_said_to_count_most() -> None:
    alike = result("C", **{f"{area}_1": "D" for area in ("risk_compliance", "value_assurance")}).insight
    assert alike
    assert weakest_in_words(alike) == (
        "Model Risk & Compliance and AI Value Assurance are your weakest areas, 35 of 100 each."
        " Start where it is easiest."
    )


def test_the_gauge_has_the_marks_of_the_bands() -> None:
    bands = [Band("high", "High", 50, 100, "", ()), Band("low", "Low", 0, 49, "", ())]
    gauge = gauge_of(bands, "low")
    assert gauge.gaps == "0 49.6 0.8 100"
    assert [(mark.name, mark.is_reached) for mark in gauge.marks] == [("Low", True), ("High", False)]


@pytest.mark.parametrize("band", reality_check().bands, ids=lambda band: band.key)
def test_the_colour_of_a_band_can_be_read(band: Band) -> None:
    for scheme in (LIGHT, DARK):
        color = nearest_readable("accent", scheme, band.color)
        assert color in band_css(band.color)
        assert min(ratio(color, back) for back in (scheme.paper, scheme.surface)) >= PARTS


@pytest.mark.parametrize("band", reality_check().bands, ids=lambda band: band.key)
def test_every_band_leads_on_without_any_setting(band: Band) -> None:
    call = next_step(band, UNSET)
    assert call.title
    assert call.first.link == CALL_BACK
    assert call.links == ()


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        (
            {"calendar_link": "https://calendar.example/", "contact": "a@b.example"},
            "https://calendar.example/",
        ),
        ({"contact": "talk@ada.example"}, "mailto:talk@ada.example?subject=My%20result%3A%2033%20of%20100"),
        ({"adviser": Adviser(phone="+49 (30) 1234")}, "tel:+49301234"),
    ],
)
def test_the_best_way_that_is_set_comes_first(changes: dict[str, Any], first: str) -> None:
    call = next_step(reality_check().bands[0], replace(UNSET, **changes), 33)
    assert call.first.link == first
    assert call.ways[-1].link == CALL_BACK


def test_a_link_of_the_author_comes_before_those_of_the_settings() -> None:
    call = CallToAction("Talk", "", "Book", "https://own.example/")
    brand: Brand = replace(UNSET, calendar_link="https://calendar.example/")
    found = next_step(replace(reality_check().bands[0], call_to_action=call), brand)
    assert [way.link for way in found.ways][:2] == ["https://own.example/", "https://calendar.example/"]


def test_the_adviser_is_named_with_the_minutes() -> None:
    adviser = read_adviser(" Jane Doe ", "", 45, "One\n\nTwo\nThree\nFour", "")
    assert adviser.offer == ("One", "Two", "Three")
    call = next_step(reality_check().bands[0], replace(UNSET, adviser=adviser))
    assert call.line == "45 minutes with Jane Doe, free of charge"


def test_options_keep_their_order_within_an_assessment_and_the_unknown_one_is_last() -> None:
    question = replace(reality_check().questions["governance_1"], shuffle=True)
    orders = {
        tuple(option.id for option in options_in_order(question, f"assessment {number}"))
        for number in range(20)
    }
    assert len(orders) > 10
    assert {order[-1] for order in orders} == {"U"}
    assert options_in_order(question, "one") == options_in_order(question, "one")


def test_what_has_an_order_is_not_shuffled() -> None:
    question = reality_check().questions["value_assurance_4"]
    assert options_in_order(question, "any") == question.options


def test_the_sample_of_the_landing_page_is_a_result_of_this_questionnaire() -> None:
    sample = sample_result(reality_check())
    assert sample
    assert sample.total is not None
    assert {area.key for area in sample.areas} == {section.key for section in reality_check().sections}
    assert sample.first_steps
    assert sample_result(replace(reality_check(), bands=())) is None
