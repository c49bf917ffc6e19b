import threading
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from scorecard.definition import parse
from scorecard.models import Question, Questionnaire, QuestionnaireVersion, ScoreBand, Section
from scorecard.publishing import DraftErrors, publish, untranslated_texts
from scorecard.scoring import score
from scorecard.tests.factories import (
    QuestionnaireFactory,
    SectionFactory,
    VisibilityRuleFactory,
    options,
    publishable_draft,
)

pytestmark = pytest.mark.django_db


def complaints(draft: Questionnaire) -> list[str]:
    with pytest.raises(DraftErrors) as raised:
        publish(draft)
    assert not QuestionnaireVersion.objects.exists()
    return [str(problem) for problem in raised.value.problems]


def test_the_frozen_definition_is_the_draft() -> None:
    definition = parse(publish(publishable_draft()).definition)
    assert list(definition.questions) == ["first_1", "first_2", "second_1", "second_2"]
    assert [band.key for band in definition.bands] == ["champion", "builder", "risk_zone", "alert", "crisis"]
    assert [advice.level for advice in definition.sections[0].recommendations] == ["high", "medium", "low"]


def test_a_published_version_scores() -> None:
    definition = parse(publish(publishable_draft()).definition)
    result = score(definition, {"first_1": "A", "first_2": "A", "second_1": "B", "second_2": "E"})
    assert (result.areas, result.total) == ({"first": 100, "second": 30}, 58)


def test_a_version_knows_who_published_it_and_when() -> None:
    author = User.objects.create_user("author@example.org")
    draft = publishable_draft()
    version = publish(draft, by=author)
    draft.refresh_from_db()
    assert version.published_by == author
    assert (draft.version, draft.published_at) == (1, version.published_at)


def test_an_unchanged_draft_makes_no_new_version() -> None:
    draft = publishable_draft()
    assert publish(draft) == publish(draft)
    assert QuestionnaireVersion.objects.count() == 1


def test_a_changed_draft_makes_the_next_version() -> None:
    draft = publishable_draft()
    first = publish(draft)
    Question.objects.filter(key="first_1").update(text="Another?")
    second = publish(draft)
    assert (first.number, second.number) == (1, 2)
    assert parse(second.definition).questions["first_1"].text == "Another?"


def test_going_back_to_an_earlier_text_is_a_new_version() -> None:
    draft = publishable_draft()
    for name in ("Old", "New", "Old"):
        Section.objects.filter(key="first").update(name=name)
        publish(draft)
    assert list(QuestionnaireVersion.objects.values_list("number", flat=True)) == [3, 2, 1]


def test_the_order_of_the_draft_is_the_order_of_the_form() -> None:
    draft = publishable_draft()
    Section.objects.filter(key="first").update(order_index=99_999)
    assert [section.key for section in parse(publish(draft).definition).sections] == ["second", "first"]


def test_all_problems_of_a_draft_come_at_once() -> None:
    draft = publishable_draft()
    Section.objects.filter(key="first").update(weight="0.3", name="")
    ScoreBand.objects.filter(key="alert").delete()
    Question.objects.filter(key="first_1").update(options=options() + options()[:1])
    Question.objects.filter(key="second_2").update(options=[])
    assert complaints(draft) == [
        "section first, question first_1, option A, id: is there twice",
        "sections: the weights sum to 0.9, not to 1",
        "section first, name: is blank",
        "section second, question second_2, options: there is none",
        "band risk_zone, min_score: leaves a gap: no band holds 20 to 39",
    ]


def test_an_empty_draft_is_refused() -> None:
    draft = QuestionnaireFactory.create(estimated_time=None)
    assert complaints(draft) == [
        "estimated_time: is missing: say how many minutes it takes",
        "sections: there is none",
    ]


def test_an_empty_section_is_refused() -> None:
    draft = publishable_draft()
    Question.objects.filter(section__key="first").delete()
    assert complaints(draft) == ["section first, questions: there is none"]


OPTIONS: list[tuple[list[Any], str]] = [
    ([], "options: there is none"),
    ([{"id": "A", "label": "Yes"}, {"id": "B", "label": "No", "points": 1}], "option A, points: is missing"),
    ([{"id": "A", "label": "", "points": 1}], "option A, label: is blank"),
    ([{"id": "A", "label": "Yes", "points": 1}] * 2, "option A, id: is there twice"),
    ([{"label": "Yes", "points": 1}], "option 1, id: is missing"),
    ([{"id": "A", "label": "Yes", "points": "1"}], "option A, points: must be a whole number"),
    ([{"id": "A", "label": "Yes", "points": -1}], "option A, points: must be at least 0"),
    ([{"id": "A", "label": "Yes", "points": 1, "score": 1}], "option A, score: is not known here"),
    (["Yes"], "option 1: must be a mapping of keys to values"),
]


@pytest.mark.parametrize(("given", "expected"), OPTIONS)
def test_options_that_cannot_be_scored_are_refused(given: list[Any], expected: str) -> None:
    draft = publishable_draft()
    Question.objects.filter(key="first_1").update(options=given)
    assert complaints(draft) == [f"section first, question first_1, {expected}"]


def test_an_active_rule_is_part_of_the_version() -> None:
    draft = publishable_draft()
    condition = {"field": "first_1", "operator": "eq", "value": "A"}
    question = Question.objects.get(key="first_1")
    VisibilityRuleFactory.create(question=question, condition=condition, targets=["second_1"])
    (rule,) = parse(publish(draft).definition).rules
    assert (rule.when.field, rule.action, rule.targets) == ("first_1", "SHOW", ("second_1",))


def test_a_rule_about_a_question_that_is_gone_is_refused() -> None:
    draft = publishable_draft()
    VisibilityRuleFactory.create(question=Question.objects.get(key="first_1"), targets=["second_1"])
    assert complaints(draft) == ["rule 1, when, field: there is no question question_1"]


def test_a_rule_that_is_switched_off_does_no_harm() -> None:
    draft = publishable_draft()
    VisibilityRuleFactory.create(question=Question.objects.get(key="first_1"), is_active=False)
    assert publish(draft).number == 1


def test_rules_and_bands_of_another_questionnaire_do_not_matter() -> None:
    VisibilityRuleFactory.create()
    SectionFactory.create(name="")
    assert publish(publishable_draft()).number == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_one_version() -> None:
    draft = publishable_draft()
    numbers: list[int] = []

    def other() -> None:
        numbers.append(publish(draft).number)
        connection.close()

    with transaction.atomic():
        Questionnaire.objects.select_for_update().get()
        thread = threading.Thread(target=other)
        thread.start()
        numbers.append(publish(draft).number)
    thread.join()
    assert numbers == [1, 1]


# Translations


GERMAN = {"name": "Wie echt?", "bands": {"crisis": {"name": "Krise"}}}


def test_a_language_that_is_offered_but_not_whole_is_refused_text_by_text() -> None:
    draft = publishable_draft()
    Questionnaire.objects.update(translations={"de": GERMAN})
    told = complaints(draft)
    assert told[:2] == [
        "translation de, description: is missing",
        "translation de, section first, name: is missing",
    ]
    assert told == [f"{place}: is missing" for place in untranslated_texts(Questionnaire.objects.get())["de"]]
    assert not any("crisis, name" in line for line in told)


def test_a_translation_of_what_the_draft_no_longer_asks_is_refused() -> None:
    draft = publishable_draft()
    Questionnaire.objects.update(translations={"de": {"sections": {"gone": {"name": "Weg"}}}})
    assert complaints(draft)[0] == "translation de, section gone, name: the questionnaire has no such text"


def test_a_draft_without_other_languages_lacks_nothing() -> None:
    assert untranslated_texts(publishable_draft()) == {}


def test_what_was_published_before_there_were_languages_keeps_its_checksum() -> None:
    version = publish(publishable_draft())
    assert not {"language", "translations"} & set(version.definition)
