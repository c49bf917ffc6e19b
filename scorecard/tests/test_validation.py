from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from scorecard.definition import Band, Definition, Question, Section
from scorecard.tests.builders import four_areas, question
from scorecard.validation import publishing_problems

Change = Callable[[Definition], Definition]


def complaints(definition: Definition) -> list[str]:
    return [str(problem) for problem in publishing_problems(definition)]


def with_section(**changes: Any) -> Change:
    def change(form: Definition) -> Definition:
        first: Section = replace(form.sections[0], **changes)
        return replace(form, sections=(first, *form.sections[1:]))

    return change


def with_question(**changes: Any) -> Change:
    first: Question = replace(question("north_1"), **changes)
    return with_section(questions=(first,))


def with_band(index: int, **changes: Any) -> Change:
    def change(form: Definition) -> Definition:
        bands = list(form.bands)
        bands[index] = replace(bands[index], **changes)
        return replace(form, bands=tuple(bands))

    return change


def without_band(index: int) -> Change:
    def change(form: Definition) -> Definition:
        return replace(form, bands=tuple(band for at, band in enumerate(form.bands) if at != index))

    return change


FOUR = four_areas().sections[0]
OPTION = question("a").options[0]
ADVICE = FOUR.recommendations[0]

CASES: list[tuple[Change, list[str]]] = [
    (lambda form: replace(form, name=" "), ["name: is blank"]),
    (lambda form: replace(form, description=""), ["description: is blank"]),
    (
        lambda form: replace(form, estimated_time=0),
        ["estimated_time: is missing: say how many minutes it takes"],
    ),
    (lambda form: replace(form, sections=()), ["sections: there is none"]),
    (lambda form: replace(form, bands=()), ["bands: there is none"]),
    (with_section(weight=Decimal("0.2")), ["sections: the weights sum to 0.95, not to 1"]),
    (
        with_section(weight=Decimal(0)),
        ["sections: the weights sum to 0.75, not to 1", "section north, weight: must be more than 0"],
    ),
    (with_section(name=""), ["section north, name: is blank"]),
    (with_section(description=""), ["section north, description: is blank"]),
    (with_section(questions=()), ["section north, questions: there is none"]),
    (
        with_section(recommendations=FOUR.recommendations[:2]),
        ["section north, recommendation low: is missing"],
    ),
    (
        with_section(recommendations=(replace(ADVICE, title="", action_items=()), *FOUR.recommendations[1:])),
        [
            "section north, recommendation high, title: is blank",
            "section north, recommendation high, action_items: there is none",
        ],
    ),
    (
        with_section(recommendations=(replace(ADVICE, action_items=("Go.", "")), *FOUR.recommendations[1:])),
        ["section north, recommendation high, action item 2: is blank"],
    ),
    (with_question(text="\n"), ["section north, question north_1, text: is blank"]),
    (
        with_question(type="SCALE"),
        [
            "section north, questions: none is scored, so the area needs weight 0",
            "section north, question north_1, options: SCALE has none",
        ],
    ),
    (with_question(options=()), ["section north, question north_1, options: there is none"]),
    (
        with_question(options=(OPTION, replace(OPTION, id="B", points=None))),
        ["section north, question north_1, option B, points: is missing"],
    ),
    (
        with_question(options=(replace(OPTION, points=0),)),
        ["section north, question north_1, options: none is worth any points"],
    ),
    (
        with_question(options=(replace(OPTION, label=""),)),
        ["section north, question north_1, option A, label: is blank"],
    ),
    (with_band(1, message=""), ["band alert, message: is blank"]),
    (with_band(1, next_steps=()), ["band alert, next_steps: there is none"]),
    (with_band(1, min_score=22), ["band alert, min_score: leaves a gap: no band holds 20 to 21"]),
    (with_band(1, min_score=19), ["band alert, min_score: overlaps: another band holds 19 to 19"]),
    (with_band(1, max_score=45), ["band risk_zone, min_score: overlaps: another band holds 40 to 45"]),
    (without_band(0), ["band alert, min_score: leaves a gap: no band holds 0 to 19"]),
    (without_band(2), ["band builder, min_score: leaves a gap: no band holds 40 to 59"]),
    (without_band(4), ["bands: leave a gap: none holds 80 to 100"]),
]


def test_a_sound_questionnaire_has_no_problems() -> None:
    assert complaints(four_areas()) == []


@pytest.mark.parametrize(("change", "expected"), CASES)
def test_a_problem_is_told_with_its_place(change: Change, expected: list[str]) -> None:
    assert complaints(change(four_areas())) == expected


def test_a_band_inside_another_overlaps_once() -> None:
    inside = Band("inside", "Inside", 5, 9, "So.", ("Go.",))
    form = four_areas()
    assert complaints(replace(form, bands=(*form.bands, inside))) == [
        "band inside, min_score: overlaps: another band holds 5 to 9"
    ]


def test_all_problems_come_at_once() -> None:
    form = with_question(text="")(with_band(0, max_score=18)(replace(four_areas(), name="")))
    assert len(complaints(form)) == 3
