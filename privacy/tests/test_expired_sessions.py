"""What becomes of assessments that nobody finishes."""

from datetime import timedelta
from typing import Any

import pytest
from constance.test import override_config
from django.utils import timezone

from assessments.models import Assessment, AssessmentSession, DailyFigure, Response
from assessments.statistics.figure import Figure
from assessments.tests.factories import SessionFactory
from privacy.clearing.expired_sessions import cleanup_sessions
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

ADDRESS = "ada@engines.example"


def expired(version: QuestionnaireVersion, days: float = 0.01, **fields: Any) -> AssessmentSession:
    """A session whose time ended so many days ago."""
    return SessionFactory.create(version=version, expires_at=timezone.now() - timedelta(days=days), **fields)


def test_an_expired_session_goes_and_what_was_chosen_stays(version: QuestionnaireVersion) -> None:
    expired(version, responses={"governance_1": "B"}, first_name="Ada")
    assert cleanup_sessions() == 1
    assert not AssessmentSession.objects.exists()
    assert Response.objects.values_list("question_key", "value").get() == (
        "governance_1",
        {"selectedOptionId": "B"},
    )
    assert Assessment.objects.get().first_name is None


def test_a_session_with_an_address_is_kept_for_a_week(version: QuestionnaireVersion) -> None:
    expired(version, days=6.9, email=ADDRESS)
    assert cleanup_sessions() == 0


def test_and_then_goes_with_the_address(version: QuestionnaireVersion) -> None:
    expired(version, days=7.1, email=ADDRESS, responses={"governance_1": "B"})
    assert cleanup_sessions() == 1
    assert Assessment.objects.get().email is None
    assert Response.objects.count() == 1


@pytest.mark.parametrize("shorter", ["UNFINISHED_RETENTION_DAYS", "EMAIL_RETENTION_DAYS"])
def test_the_shorter_of_both_retentions_holds(version: QuestionnaireVersion, shorter: str) -> None:
    expired(version, days=3.1, email=ADDRESS)
    with override_config(**{shorter: 3}):
        assert cleanup_sessions() == 1


def test_the_lead_of_a_removed_session_waits_for_nothing_any_more(version: QuestionnaireVersion) -> None:
    expired(version, days=8, email=ADDRESS)
    cleanup_sessions()
    assert Assessment.objects.get().hubspot_sync_status == "skipped"


def test_what_an_expired_session_sent_before_was_sent(version: QuestionnaireVersion) -> None:
    expired(version, days=8, email=ADDRESS)
    Assessment.objects.update(hubspot_sync_status="synced", hubspot_contact_id="51")
    cleanup_sessions()
    assert Assessment.objects.values_list("hubspot_sync_status", "hubspot_contact_id").get() == (
        "synced",
        "51",
    )


def test_an_assessment_is_counted_as_given_up_once(version: QuestionnaireVersion) -> None:
    expired(version, current_step=2)
    cleanup_sessions()
    cleanup_sessions()
    assert DailyFigure.objects.filter(figure=Figure.LEFT).values_list("number", "assessments").get() == (2, 1)


def test_an_open_session_stays(version: QuestionnaireVersion) -> None:
    SessionFactory.create(version=version)
    assert cleanup_sessions() == 0


def test_the_session_of_a_finished_assessment_leaves_its_responses_and_figures_alone(
    hot_lead: Assessment,
) -> None:
    AssessmentSession.objects.create(
        assessment=hot_lead, total_steps=4, responses={}, expires_at=timezone.now() - timedelta(days=1)
    )
    before = list(DailyFigure.objects.order_by("pk").values())
    assert cleanup_sessions() == 1
    assert hot_lead.answered.count() == 16
    assert list(DailyFigure.objects.order_by("pk").values()) == before
