from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError
from django.db.models import F, Model
from factory.django import DjangoModelFactory

from scorecard.models import Question, Questionnaire, QuestionType, Section
from scorecard.tests.factories import (
    QuestionFactory,
    QuestionnaireFactory,
    RecommendationFactory,
    ScoreBandFactory,
    SectionFactory,
    VisibilityRuleFactory,
)

pytestmark = pytest.mark.django_db

FACTORIES = [
    QuestionnaireFactory,
    SectionFactory,
    QuestionFactory,
    VisibilityRuleFactory,
    ScoreBandFactory,
    RecommendationFactory,
]


@pytest.mark.parametrize("factory", FACTORIES)
def test_a_bulk_update_keeps_updated_at_true(factory: type[DjangoModelFactory[Model]]) -> None:
    row = factory.create()
    rows = type(row)._default_manager.filter(pk=row.pk)
    before = rows.values_list("updated_at", flat=True).get()
    rows.update(created_at=F("created_at"))
    assert rows.values_list("updated_at", flat=True).get() > before


def test_saving_a_stale_row_does_not_turn_updated_at_back() -> None:
    draft = QuestionnaireFactory.create()
    Questionnaire.objects.update(name="Newer")
    newer = Questionnaire.objects.get().updated_at
    draft.save()
    assert Questionnaire.objects.get().updated_at > newer


def test_a_question_belongs_to_the_questionnaire_of_its_section() -> None:
    question = QuestionFactory.create()
    assert Question.objects.get().questionnaire == question.section.questionnaire


def test_bulk_created_questions_belong_to_the_questionnaire_too() -> None:
    section = SectionFactory.create()
    Question.objects.bulk_create([Question(section=section, key="a", text="A?", order_index=1)])
    assert section.questionnaire.questions.get().key == "a"


def test_a_question_that_moves_to_another_questionnaire_follows_its_section() -> None:
    question, elsewhere = QuestionFactory.create(), SectionFactory.create()
    Question.objects.filter(pk=question.pk).update(section=elsewhere)
    assert Question.objects.get().questionnaire == elsewhere.questionnaire


def test_a_question_key_is_refused_twice_in_a_questionnaire() -> None:
    question = QuestionFactory.create(key="a")
    other = SectionFactory.create(questionnaire=question.section.questionnaire)
    with pytest.raises(IntegrityError, match="questions_key_once"):
        QuestionFactory.create(key="a", section=other)


def test_a_form_hears_of_a_double_question_key_before_the_database_does() -> None:
    section = QuestionFactory.create(key="a").section
    double = Question(section=section, key="a", text="A?", order_index=2)
    with pytest.raises(ValidationError, match="Another question of this questionnaire has this key"):
        double.full_clean(exclude=["questionnaire"])


def test_a_question_is_no_double_of_itself() -> None:
    QuestionFactory.create().full_clean(exclude=["questionnaire"])


def test_two_questionnaires_may_use_the_same_question_key() -> None:
    QuestionFactory.create(key="a")
    QuestionFactory.create(key="a").full_clean(exclude=["questionnaire"])
    assert Question.objects.filter(key="a").count() == 2


def test_the_key_of_a_questionnaire_stays() -> None:
    QuestionnaireFactory.create()
    with pytest.raises(DatabaseError, match="Cannot update"):
        Questionnaire.objects.update(key="other")


def test_a_section_stays_with_its_questionnaire() -> None:
    SectionFactory.create()
    elsewhere = QuestionnaireFactory.create()
    with pytest.raises(DatabaseError, match="Cannot update"):
        Section.objects.update(questionnaire=elsewhere)


def test_there_are_the_eleven_question_types() -> None:
    assert len(QuestionType.values) == 11


REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (QuestionnaireFactory, {"key": "Not A Key"}, "questionnaires_key_valid"),
    (QuestionnaireFactory, {"metadata": []}, "questionnaires_metadata_is_object"),
    (SectionFactory, {"key": "1st"}, "sections_key_valid"),
    (SectionFactory, {"weight": "1.0001"}, "sections_weight_share"),
    (SectionFactory, {"weight": "-0.1"}, "sections_weight_share"),
    (QuestionFactory, {"key": ""}, "questions_key_valid"),
    (QuestionFactory, {"type": "RIDDLE"}, "questions_type_known"),
    (QuestionFactory, {"options": {}}, "questions_options_is_array"),
    (QuestionFactory, {"validation_rules": []}, "questions_validation_rules_is_object"),
    (VisibilityRuleFactory, {"action": "BLINK"}, "visibility_rules_action_known"),
    (VisibilityRuleFactory, {"condition": []}, "visibility_rules_condition_is_object"),
    (ScoreBandFactory, {"min_score": 60, "max_score": 59}, "score_bands_range"),
    (ScoreBandFactory, {"max_score": 101}, "score_bands_range"),
    (RecommendationFactory, {"level": "urgent"}, "recommendations_level_known"),
]


@pytest.mark.parametrize(("factory", "values", "constraint"), REFUSED)
def test_the_database_refuses(factory: Any, values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        factory.create(**values)


def test_the_database_refuses_doubles() -> None:
    advice = RecommendationFactory.create()
    with pytest.raises(IntegrityError, match="recommendations_level_once"):
        RecommendationFactory.create(section=advice.section, level=advice.level)


def test_there_is_one_default_questionnaire() -> None:
    QuestionnaireFactory.create(is_default=True)
    with pytest.raises(IntegrityError, match="questionnaires_one_default"):
        QuestionnaireFactory.create(is_default=True)
