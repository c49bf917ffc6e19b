"""What a rule clears inside a value: unlisted keys of JSON, typed answers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments.models import Assessment, DailyFigure, Response
from assessments.tests.factories import AssessmentFactory, VersionFactory
from conftest import reality_check
from privacy.clearing.scrub import scrub
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db


def with_personal_question(definition: Definition) -> Definition:
    """The first question asks something that tells who answers."""
    first, *others = definition.sections
    question = replace(first.questions[0], personal=True)
    return replace(definition, sections=(replace(first, questions=(question, *first.questions[1:])), *others))


@pytest.fixture
def personal(db: None) -> str:
    """The key of a personal question; the version that asks it is the only one."""
    definition = with_personal_question(reality_check())
    VersionFactory.create(content=definition)
    return definition.sections[0].questions[0].key


def old_assessment(**values: Any) -> Assessment:
    return AssessmentFactory.create(
        version=QuestionnaireVersion.objects.get(),
        created_at=timezone.now() - timedelta(days=31),
        **values,
    )


def test_the_answer_to_a_personal_question_goes_and_the_others_stay(personal: str) -> None:
    assessment = old_assessment()
    scrub()
    left = Assessment.objects.values_list("responses", flat=True).get()
    assert personal in assessment.responses
    assert left == {key: "C" for key in assessment.responses if key != personal}


def test_its_response_stays_as_a_row_without_a_value(personal: str) -> None:
    old_assessment()
    scrub()
    values = dict(Response.objects.values_list("question_key", "value"))
    assert values.pop(personal) is None
    assert set(map(str, values.values())) == {"{'selectedOptionId': 'C'}"}
    assert len(values) == 15


def test_a_personal_answer_is_kept_as_long_as_the_person(personal: str) -> None:
    old_assessment()
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=29))
    scrub()
    assert personal in Assessment.objects.values_list("responses", flat=True).get()
    assert not Response.objects.filter(value=None).exists()


def test_scrubbing_typed_answers_again_finds_nothing(personal: str) -> None:
    old_assessment()
    assert sum(each.rows for each in scrub()) == 2
    assert sum(each.rows for each in scrub()) == 0


def test_choices_stay_where_no_question_is_personal(version: QuestionnaireVersion) -> None:
    assessment = old_assessment(email="ada@engines.example")
    scrub()
    assert Assessment.objects.values_list("responses", flat=True).get() == assessment.responses


@pytest.mark.parametrize(
    "stray", [{"browser": "Firefox", "owner": "Ada"}, "Ada's laptop", ["Ada"], {"browser": "Firefox"}]
)
def test_a_key_that_the_map_does_not_list_goes(version: QuestionnaireVersion, stray: Any) -> None:
    old_assessment(browser_info=stray)
    scrub(thorough=True)
    left = Assessment.objects.values_list("browser_info", flat=True).get()
    assert left == ({"browser": "Firefox"} if isinstance(stray, dict) else {})


def test_an_unlisted_key_goes_with_the_person_even_when_nobody_looks_for_it(
    version: QuestionnaireVersion,
) -> None:
    old_assessment(email="ada@engines.example", browser_info={"browser": "Firefox", "name": "Ada"})
    scrub()
    assert Assessment.objects.values_list("browser_info", flat=True).get() == {"browser": "Firefox"}


def test_a_campaign_link_goes_with_the_person_who_came_by_it_and_stays_counted(
    version: QuestionnaireVersion,
) -> None:
    """It may have been made for one person alone: utm_source=ada.lovelace."""
    old_assessment(email="ada@engines.example", utm={"utm_source": "ada.lovelace", "utm_term": "letter"})
    before = list(DailyFigure.objects.order_by("pk").values())
    scrub()
    assert Assessment.objects.values_list("utm", flat=True).get() == {}
    assert list(DailyFigure.objects.order_by("pk").values()) == before


def test_only_a_thorough_scrub_reads_every_old_row(version: QuestionnaireVersion) -> None:
    old_assessment(utm={"name": "Ada"})
    assert sum(each.rows for each in scrub()) == 0
    assert sum(each.rows for each in scrub(thorough=True)) == 1
    assert sum(each.rows for each in scrub(thorough=True)) == 0
