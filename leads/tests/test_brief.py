"""What to say first."""

from collections.abc import Mapping
from dataclasses import asdict
from string import Formatter

import pytest

from assessments.results.transcript import AnsweredArea, transcript
from leads.briefing.brief import Briefing, briefing, costliest_answer, strongest_answer, weakest_area
from leads.briefing.objections import likely_objections
from leads.briefing.words import ENGLISH, WORDS, BriefWords, words_of
from scorecard.scoring import score
from scorecard.tests.builders import four_areas

FORM = four_areas()


def areas_of(answers: Mapping[str, str], others: str = "A") -> tuple[AnsweredArea, ...]:
    full = dict.fromkeys(FORM.questions, others) | dict(answers)
    return transcript(FORM, full, score(FORM, full).areas)


def brief(answers: Mapping[str, str], others: str = "A") -> Briefing:
    return briefing(areas_of(answers, others))


def test_the_weakest_area_has_the_lowest_score() -> None:
    area = weakest_area(areas_of({"west_1": "E", "east_1": "B"}))
    assert area is not None
    assert area.key == "west"


def test_of_equally_weak_areas_the_heavier_one_counts() -> None:
    area = weakest_area(areas_of({"west_1": "E", "east_1": "E"}))
    assert area is not None
    assert area.key == "east"


@pytest.mark.parametrize(
    ("answers", "costly"),
    [
        ({"west_1": "E", "east_2": "E"}, "east_2"),  # the heavier area
        ({"east_2": "B", "north_3": "E"}, "north_3"),  # the worse answer
        ({"north_2": "E", "north_4": "E"}, "north_2"),  # the earlier question
    ],
)
def test_the_costliest_answer_takes_most_from_the_total(answers: dict[str, str], costly: str) -> None:
    line = costliest_answer(areas_of(answers))
    assert line is not None
    assert line.question.key == costly


def test_praise_goes_to_the_best_answer_of_the_best_area() -> None:
    line = strongest_answer(areas_of({"south_1": "B", "south_3": "A"}, others="D"))
    assert line is not None
    assert line.question.key == "south_3"


def test_the_opener_quotes_question_and_answer() -> None:
    said = brief({"south_3": "A"}, others="D").opener
    assert said.startswith("Asked “What about south_3?” you said: “Answer A”")


def test_nothing_is_praised_that_deserves_none() -> None:
    assert brief({}, others="E").opener.startswith("Thank you for your frank answers.")


def test_the_weak_spot_is_named_with_its_numbers() -> None:
    said = brief({"east_2": "E"})
    assert said.weak_area == "East is the lowest of your scores: 75 of 100."
    assert "9 of 100 points: “What about east_2?” You said: “Answer E”" in said.weak_answer


def test_the_question_holds_the_best_answer_up() -> None:
    assert brief({"east_2": "E"}).question.endswith("before you could say: “Answer A”?")


def test_a_perfect_score_has_no_weak_spot_but_a_question() -> None:
    said = brief({})
    assert (said.weak_area, said.weak_answer) == ("", "")
    assert said.question == "What would you like to be able to do that does not work yet?"


def test_an_assessment_without_a_scorable_area_still_has_a_briefing() -> None:
    assert briefing(()).question.endswith("?")


def test_the_question_ends_with_a_question_mark() -> None:
    assert brief({"west_1": "E"}).question.endswith("”?")


def test_every_language_fills_in_the_same_names() -> None:
    def names(words: BriefWords) -> dict[str, set[str]]:
        return {
            name: {field for _, field, _, _ in Formatter().parse(text) if field}
            for name, text in asdict(words).items()
        }

    assert {language: names(words) for language, words in WORDS.items()} == dict.fromkeys(
        WORDS, names(ENGLISH)
    )


def test_a_german_is_called_in_german() -> None:
    said = briefing(areas_of({"west_1": "E"}), words_of("de-at"))
    assert said.weak_area.endswith("von 100.")


def test_objections_follow_from_the_answers() -> None:
    weak, good = areas_of({}, others="E"), areas_of({"west_1": "C"})
    assert [each.text for each in likely_objections(weak, 0, ENGLISH)] == [
        ENGLISH.objection_time,
        ENGLISH.objection_priority,
    ]
    assert likely_objections(good, 90, ENGLISH)[0].text == ENGLISH.objection_done
    assert "“Name an owner”" in likely_objections(weak, 0, ENGLISH, "Name an owner")[0].reply


def test_a_perfect_result_needs_no_reply() -> None:
    assert likely_objections(areas_of({}), None, ENGLISH) == []
