from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecard.definition import Definition, Option
from scorecard.improvement import Change, way_up
from scorecard.scoring import score
from scorecard.tests.builders import definition, four_areas, question, section

FORM = four_areas()
answered = st.fixed_dictionaries({key: st.sampled_from("ABCDE") for key in FORM.questions})


def changed(answers: dict[str, str], changes: tuple[Change, ...]) -> dict[str, str]:
    return answers | {change.question.key: change.after.id for change in changes}


@given(answers=answered)
def test_the_changes_reach_the_next_category(answers: dict[str, str]) -> None:
    now = score(FORM, answers)
    way = way_up(FORM, answers)
    if way is None:
        assert now.category == "champion"
    else:
        assert score(FORM, changed(answers, way.changes)).category == way.band.key != now.category


@given(answers=answered)
def test_none_of_the_changes_can_be_left_out(answers: dict[str, str]) -> None:
    way = way_up(FORM, answers)
    for left_out in way.changes if way else ():
        rest = tuple(change for change in way.changes if change is not left_out) if way else ()
        assert score(FORM, changed(answers, rest)).category == score(FORM, answers).category


def worth(option: Option | None) -> int:
    return (option.points or 0) if option else 0


def by_trying_all(form: Definition, answers: dict[str, str]) -> tuple[int, int] | None:
    """The least effort, as (changes, points), found the slow way."""
    total = score(form, answers).total
    target = min((band.min_score for band in form.bands if band.min_score > total), default=None)
    if target is None:
        return None
    better = {
        key: [
            (option.id, gain)
            for option in question.options
            if (gain := worth(option) - worth(question.option(answers[key]))) > 0
        ]
        for key, question in form.questions.items()
    }
    for count in range(1, len(answers) + 1):
        gains = [
            sum(gain for _, gain in chosen)
            for keys in combinations(better, count)
            for chosen in product(*(better[key] for key in keys))
            if score(form, answers | dict(zip(keys, (id for id, _ in chosen), strict=True))).total >= target
        ]
        if gains:
            return count, min(gains)
    return None


SMALL = definition(
    section("north", question("n1"), question("n2"), weight="0.35"),
    section("south", question("s1"), question("s2"), weight="0.65"),
)


@given(answers=st.fixed_dictionaries({key: st.sampled_from("ABCDE") for key in SMALL.questions}))
def test_no_smaller_effort_would_do(answers: dict[str, str]) -> None:
    way = way_up(SMALL, answers)
    found = (len(way.changes), sum(change.gain for change in way.changes)) if way else None
    assert found == by_trying_all(SMALL, answers)


def test_in_the_best_category_there_is_no_way_up() -> None:
    assert way_up(FORM, dict.fromkeys(FORM.questions, "A")) is None


@pytest.mark.parametrize("letter", "BCDE")
def test_an_unanswered_question_can_be_answered(letter: str) -> None:
    way = way_up(SMALL, {"n1": letter, "n2": letter, "s1": letter})
    assert way
    assert [change.before for change in way.changes if change.question.key == "s2"] in ([None], [])
