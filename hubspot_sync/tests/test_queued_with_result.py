"""The statement that stores the result of a lead queues it, too: both or neither."""

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from assessments.lifecycle import services
from assessments.lifecycle.services import Started
from assessments.lifecycle.submit import NOTHING, WrittenMeanwhile, finish_session, submit_assessment
from assessments.lifecycle.visitors import Visitor
from assessments.models import Assessment, AssessmentSession
from assessments.models.signs import Sign
from hubspot_sync.models import SyncQueueItem
from scorecard import versions
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def complete(version: QuestionnaireVersion) -> Started:
    """Every question is answered, and there is an address."""
    published = versions.get(version.pk)
    started = services.start_assessment(published, Visitor())
    answers = dict.fromkeys(published.definition.questions, "D")
    contact = {"email": "ada@engines.example"}
    services.save_progress(services.open_session(started.token), step=4, answers=answers, contact=contact)
    return started


def test_a_lead_that_is_finished_is_queued_by_the_statement_of_its_result(complete: Started) -> None:
    with CaptureQueriesContext(connection) as captured:
        lead = submit_assessment(complete.token)
    assert [item.assessment_id for item in SyncQueueItem.objects.due()] == [lead.pk]
    statements = [query["sql"] for query in captured.captured_queries]
    assert sum("INSERT INTO hubspot_sync_queue" in statement for statement in statements) == 1
    assert all(
        "UPDATE assessments " in statement for statement in statements if "hubspot_sync_queue" in statement
    )


@pytest.mark.django_db(transaction=True)
def test_a_result_that_is_not_stored_queues_nothing(complete: Started) -> None:
    read = services.open_session(complete.token)
    AssessmentSession.objects.update(last_activity=Now())  # written since it was read
    with pytest.raises(WrittenMeanwhile):
        finish_session(read, NOTHING, proven=True, signs=())
    assert not SyncQueueItem.objects.exists()


def test_a_test_of_ours_is_finished_and_not_queued(complete: Started) -> None:
    Assessment.objects.update(doubts=[Sign.TEST])
    assert submit_assessment(complete.token).lead_quality
    assert not SyncQueueItem.objects.exists()
