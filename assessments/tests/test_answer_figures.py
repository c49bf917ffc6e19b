"""What is counted of answers: options, rows and ratings; of typed ones only that there was one."""

import pytest
from django.utils import timezone

from assessments.models import Assessment
from assessments.statistics.analytics import AnswerCounts
from assessments.statistics.metrics import metric_panels
from assessments.tests.factories import AssessmentFactory
from assessments.tests.test_adaptive_api import ANSWERS, Api, api, everything
from scorecard.models import QuestionnaireVersion

__all__ = ["api", "everything"]  # fixtures

pytestmark = pytest.mark.django_db


def counts(questionnaire: str = "") -> dict[str, AnswerCounts]:
    shown = metric_panels(timezone.now(), "answers", questionnaire=questionnaire)["answers"]
    return {row.question: row for row in shown.rows}


@pytest.fixture
def answered(api: Api) -> Assessment:
    api.save(**ANSWERS)
    api("submit")
    assessment = Assessment.objects.get(pk=api.started.json()["assessmentId"])
    Assessment.objects.filter(pk=assessment.pk).update(doubts=[])  # answered faster than people read
    return assessment


def test_each_of_several_options_is_counted(answered: Assessment) -> None:
    assert counts()["kinds"] == AnswerCounts("kinds", 1, (("browser", 1), ("unit", 1)))


def test_each_row_of_a_matrix_is_counted(answered: Assessment) -> None:
    assert counts()["parts"].options == (("looks:bad", 1), ("speed:good", 1))


def test_ratings_are_a_histogram(answered: Assessment) -> None:
    assert counts()["trust"] == AnswerCounts("trust", 1, (), ((9, 1),))


def test_of_typed_answers_only_that_there_was_one(answered: Assessment) -> None:
    found = counts()
    for key in ("name", "people", "lead"):
        assert found[key] == AnswerCounts(key, 1, ())


def test_a_mark_that_comes_later_takes_them_out_again(answered: Assessment) -> None:
    Assessment.objects.filter(pk=answered.pk).update(doubts=["robot"])
    assert counts() == {}


def test_figures_of_one_questionnaire_leave_the_others_out(
    answered: Assessment, version: QuestionnaireVersion
) -> None:
    AssessmentFactory.create(version=version, answers="A")
    shown = metric_panels(timezone.now(), "lead_funnel", questionnaire="everything")["lead_funnel"]
    assert sum(step.assessments for step in shown.rows) == 1
    assert not counts("ai_reality_check").keys() & {"kinds", "trust"}
