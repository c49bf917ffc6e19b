"""Whole assessments go; what they were counted for stays."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory, SessionFactory
from audit.models import SystemLog
from hubspot_sync.delivery.enqueue import enqueue
from hubspot_sync.models import QueueStatus, SyncAttempt, SyncQueueItem
from privacy.clearing import purge as purging
from privacy.clearing.purge import Purged, delete_batch, purge
from privacy.management.clearing_command import progress_bar
from scorecard.models import QuestionnaireVersion
from tests.elsewhere import Elsewhere

pytestmark = pytest.mark.django_db


def age(days: float, **found: Any) -> None:
    """Let so much time pass for these assessments."""
    Assessment.objects.filter(**found).update(created_at=timezone.now() - timedelta(days=days))


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST", "LEAST", "MOST"):
        monkeypatch.setattr(purging, name, 3)


@pytest.fixture
def many(version: QuestionnaireVersion) -> None:
    AssessmentFactory.create_batch(10, version=version, ada=True)
    age(400)


def test_a_purge_deletes_all_that_hangs_on_an_old_assessment_and_counts_it(
    version: QuestionnaireVersion, hot_lead: Assessment
) -> None:
    enqueue(hot_lead)
    SyncQueueItem.objects.update(status=QueueStatus.DONE)
    SessionFactory.create(version=version)
    age(400)
    assert purge(365) == Purged(assessments=2, sessions=1, responses=16, queue_items=1)
    assert not Assessment.objects.exists()


def test_its_record_tells_the_same(hot_lead: Assessment) -> None:
    age(400)
    purge(365)
    record = SystemLog.objects.get(event_type="purge")
    assert record.message == "Purge of assessments older than 365 days: finished"
    assert record.data == {
        "asked_by": "command",
        "deleted_assessments": 1,
        "deleted_sessions": 0,
        "deleted_responses": 16,
        "deleted_queue_items": 0,
    }


def test_whatever_else_refers_to_an_assessment_goes_too(hot_lead: Assessment) -> None:
    SyncAttempt.objects.create(assessment=hot_lead, revision=1, outcome="delivered")
    age(400)
    purge(365)
    assert not SyncAttempt.objects.exists()


def test_a_purge_keeps_what_is_younger(hot_lead: Assessment, cold_lead: Assessment) -> None:
    age(400, pk=cold_lead.pk)
    purge(365)
    assert Assessment.objects.get() == hot_lead


@pytest.mark.parametrize("status", ["waiting", "failed"])
def test_a_purge_loses_no_lead_whose_delivery_is_open(hot_lead: Assessment, status: str) -> None:
    enqueue(hot_lead)
    SyncQueueItem.objects.update(status=status)
    age(400)
    assert purge(365).assessments == 0
    assert purge(365, include_undelivered=True).assessments == 1


def test_a_lead_that_was_queued_while_it_was_being_locked_stays(hot_lead: Assessment) -> None:
    enqueue(hot_lead)
    assert delete_batch([hot_lead.pk], include_undelivered=False)[0]["assessments"] == 0
    assert Assessment.objects.exists()


def test_a_purge_goes_on_batch_by_batch(small_batches: None, many: None) -> None:
    heard: list[int] = []
    assert purge(365, progress=heard.append).assessments == 10
    assert heard == [3, 3, 3, 1]


def test_no_batch_asks_longer_than_the_one_before(small_batches: None, many: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        purge(365)
    batches = [query["sql"] for query in asked if "SKIP LOCKED" in query["sql"]]
    assert [sql.count('"created_at" >= ') for sql in batches] == [0, 1, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_takes_too_long_is_cut_off_and_tried_smaller(
    monkeypatch: pytest.MonkeyPatch, many: None
) -> None:
    monkeypatch.setattr("privacy.clearing.purge.LIMIT", "1ms")
    with CaptureQueriesContext(connection) as asked:
        assert purge(365).assessments == 10
    sizes = [query["sql"].rpartition("LIMIT ")[2] for query in asked if "SKIP LOCKED" in query["sql"]]
    assert [int(size.split()[0]) for size in sizes[:2]] == [50, 25]
    assert SystemLog.objects.get(event_type="purge").data["deleted_assessments"] == 10


def test_a_purge_that_is_cut_off_has_written_down_what_it_did_and_the_next_goes_on(
    small_batches: None, many: None
) -> None:
    def die(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        purge(365, progress=die)
    assert SystemLog.objects.get(event_type="purge").data["deleted_assessments"] == 3
    assert purge(365).assessments == 7


def test_many_of_one_moment_are_purged_to_the_last(small_batches: None, many: None) -> None:
    Assessment.objects.update(created_at="2020-01-01T00:00Z")
    assert purge(365).assessments == 10


@pytest.mark.django_db(transaction=True)
def test_two_purges_at_once_delete_each_row_once(
    small_batches: None, many: None, elsewhere: Elsewhere
) -> None:
    purged = elsewhere.at_once(2, lambda _: purge(365))
    assert sum(each.assessments for each in purged) == 10
    assert not Assessment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_lead_that_somebody_works_on_is_left_for_the_next_purge(many: None, elsewhere: Elsewhere) -> None:
    with transaction.atomic():
        held = Assessment.objects.select_for_update().order_by("pk")[:1].get()
        assert elsewhere.do(lambda: purge(365)).assessments == 9
    assert Assessment.objects.get() == held


# The command


def test_the_command_reports_what_it_deleted(hot_lead: Assessment) -> None:
    age(400)
    out = StringIO()
    call_command("purge_assessments", "--older-than-days=365", "--yes", stdout=out)
    assert "Cleared: assessments 1\nCleared: sessions 0\nCleared: responses 16" in out.getvalue()


@pytest.mark.parametrize("option", ["--include-undelivered", "--with-open-deliveries"])
def test_the_command_takes_undelivered_leads_when_told(hot_lead: Assessment, option: str) -> None:
    enqueue(hot_lead)
    age(400)
    call_command("purge_assessments", "--older-than-days=365", "--yes", option, stdout=StringIO())
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("seen", "whole", "drawn"),
    [
        (0, 10, "[--------------------]   0%  0 of 10"),
        (5, 10, "[##########----------]  50%  5 of 10"),
        (1200, 1000, "[####################] 100%  1,200 of 1,200"),
    ],
)
def test_a_bar_grows_to_its_end(seen: int, whole: int, drawn: str) -> None:
    assert progress_bar(seen, whole) == drawn
