"""Search pages under two connections: whoever comes second waits, and no page holds what is no longer so."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from leads.models import SearchPage
from leads.search_pages import build_page, hour_of
from scorecard.models import QuestionnaireVersion
from tests.elsewhere import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

CAME = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
HOUR = hour_of(CAME)


@pytest.fixture
def petra(version: QuestionnaireVersion) -> Assessment:
    return AssessmentFactory.create(
        version=version, email="petra@example.com", company="Alster Bank", created_at=CAME
    )


def change_company() -> None:
    Assessment.objects.filter(email="petra@example.com").update(company="Elbe Bank")


def test_of_two_who_build_the_same_page_the_second_waits_and_one_page_remains(
    petra: Assessment, elsewhere: Elsewhere
) -> None:
    with transaction.atomic():
        build_page(HOUR)
        second = elsewhere.waits(lambda: build_page(HOUR))
    second.result(20)
    assert SearchPage.objects.get().content.count(b"petra") >= 1


def test_a_page_does_not_outlive_a_change_that_was_made_while_it_was_built(
    petra: Assessment, elsewhere: Elsewhere
) -> None:
    with transaction.atomic():
        build_page(HOUR)
        change = elsewhere.waits(change_company)
    change.result(20)
    assert not SearchPage.objects.exists()


def test_who_builds_a_page_waits_for_a_change_that_is_being_made(
    petra: Assessment, elsewhere: Elsewhere
) -> None:
    with transaction.atomic():
        change_company()
        second = elsewhere.waits(lambda: build_page(HOUR))
    second.result(20)
    content = SearchPage.objects.get().content
    assert b"elbe" in content
    assert b"alster" not in content
