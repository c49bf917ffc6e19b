"""A questionnaire in another language is the same questionnaire."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import reality_check
from scorecard.definition import Definition, Translation, freeze, parse
from scorecard.improvement import way_up
from scorecard.recommendations import recommend
from scorecard.scoring import score
from scorecard.tests.builders import definition, question, section
from scorecard.translation import texts_by_path, translated

FORM = definition(section("north", question("north_1", points=(5, 0))))
SHIPPED = reality_check()
OTHERS = [translated(SHIPPED, other.texts, other.language) for other in SHIPPED.translations]
some_answers = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from("ABCDE") for key in SHIPPED.questions}
)


def test_texts_are_found_by_their_place_in_the_order_of_the_form() -> None:
    assert {".".join(map(str, path)): text for path, text in list(texts_by_path(FORM).items())[:8]} == {
        "name": "Sample",
        "description": "A sample.",
        "sections.north.name": "North",
        "sections.north.description": "About it.",
        "sections.north.questions.north_1.text": "What about north_1?",
        "sections.north.questions.north_1.options.A": "Answer A",
        "sections.north.questions.north_1.options.B": "Answer B",
        "sections.north.recommendations.high.title": "north: high",
    }


def test_what_is_translated_takes_the_place_of_its_own_text_and_the_rest_stays() -> None:
    tree: dict[str, Any] = {
        "name": "Probe",
        "sections": {"north": {"questions": {"north_1": {"options": {"B": " Nein "}}}}},
        "bands": {"crisis": {"next_steps": ["Los."]}},
    }
    german = translated(FORM, tree, "de")
    assert [option.label for option in german.questions["north_1"].options] == ["Answer A", "Nein"]
    assert (german.name, german.description, german.language) == ("Probe", "A sample.", "de")
    assert german.band("crisis").next_steps == ("Los.",)


def test_a_text_that_is_blank_or_no_text_is_none() -> None:
    tree: dict[str, Any] = {"name": " ", "description": 7, "sections": ["x"], "bands": None}
    assert translated(FORM, tree, "de") == replace(FORM, language="de")


def test_translations_pass_through_json_and_say_nothing_where_there_are_none() -> None:
    german = replace(FORM, language="en", translations=(Translation("de", {"name": "Probe"}),))
    assert parse(freeze(german)) == german
    assert not {"language", "translations"} & set(freeze(FORM))


def keys(form: Definition, answers: dict[str, str]) -> tuple[Any, ...]:
    """All that comes of the answers and is no text."""
    result = score(form, answers)
    advice = [(each.section, each.level) for each in recommend(form, result.areas)]
    way = way_up(form, answers)
    changes = [(change.question.key, change.after.id) for change in way.changes] if way else []
    return result, advice, way and way.band.key, changes


@settings(max_examples=25)
@given(answers=some_answers)
def test_scores_category_and_advice_are_the_same_in_every_language(answers: dict[str, str]) -> None:
    assert OTHERS
    assert [keys(other, answers) for other in OTHERS] == len(OTHERS) * [keys(SHIPPED, answers)]


def test_a_text_of_the_wrong_type_is_no_text() -> None:
    asked = question("north_1", points=(5, 0))
    form = definition(section("north", replace(asked, validation={"unit": 10**30, "customMessage": []})))
    assert not [path for path in texts_by_path(form) if "validation" in path]
