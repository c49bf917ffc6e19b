"""Who is filling in the form, as operators see it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment, AssessmentSession
from assessments.tests.factories import SessionFactory
from scorecard.models import QuestionnaireVersion
from tests.tokens import without_tokens

pytestmark = pytest.mark.django_db

SESSIONS = "/admin/assessments/assessmentsession/"


def test_a_row_says_how_far_and_whether_there_is_an_address_but_not_which(
    operator: Client, version: QuestionnaireVersion
) -> None:
    session = SessionFactory.create(
        version=version, current_step=2, email="ada@engines.example", first_name="Ada", company="Engines"
    )
    page = operator.get(SESSIONS).content.decode()
    page += operator.get(
        reverse("admin:assessments_assessmentsession_change", args=[session.pk])
    ).content.decode()
    assert page.count("2 of 4") == 2
    assert page.count("Yes") == 2
    assert not [detail for detail in ("ada@", "Ada", "Engines") if detail in without_tokens(page)]


def test_only_open_unfinished_assessments_are_in_progress(
    operator: Client, version: QuestionnaireVersion
) -> None:
    done, over, going = SessionFactory.create_batch(3, version=version)
    Assessment.objects.filter(pk=done.assessment.pk).update(
        completed_at=timezone.now(), total_score=1, score_breakdown={}, score_category="crisis"
    )
    AssessmentSession.objects.filter(pk=over.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    rows = operator.get(SESSIONS).context["cl"].result_list
    assert [row.pk for row in rows] == [going.pk]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_a_fixed_number_of_queries(
    operator: Client,
    version: QuestionnaireVersion,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    SessionFactory.create_batch(rows, version=version)
    operator.get(SESSIONS)
    with django_assert_num_queries(7):
        operator.get(SESSIONS)
