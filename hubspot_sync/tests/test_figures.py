"""The figures of the queue."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from assessments.tests.factories import AssessmentFactory
from hubspot_sync.models import SyncQueueItem
from hubspot_sync.status import figures
from hubspot_sync.status.figures import FailedCause, QueueLine, SyncDay
from hubspot_sync.tests.factories import failed_item
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def lead(version: QuestionnaireVersion) -> Any:
    def make(
        status: SyncStatus, *, days_ago: int = 0, email: str | None = "ada@engines.example"
    ) -> Assessment:
        made = AssessmentFactory.create(
            version=version, email=email, created_at=NOW - timedelta(days=days_ago), completed_at=NOW
        )
        Assessment.objects.filter(pk=made.pk).update(hubspot_sync_status=status)
        return made

    return make


def test_a_day_says_what_became_of_its_leads(lead: Any) -> None:
    for status in (SyncStatus.SYNCED, SyncStatus.SYNCED, SyncStatus.FAILED, SyncStatus.PENDING):
        lead(status)
    (day,) = figures.sync_by_day(NOW)
    assert day == SyncDay("2026-11-20", leads=4, synced=2, failed=1, unfinished=0)
    assert (day.waiting, day.rate) == (1, 50)


def test_only_whoever_left_an_address_counts(lead: Any) -> None:
    lead(SyncStatus.SKIPPED, email=None)
    assert figures.sync_by_day(NOW) == ()


def test_seven_days_come_newest_first(lead: Any) -> None:
    for days_ago in (0, 6, 7):
        lead(SyncStatus.SYNCED, days_ago=days_ago)
    assert [day.day for day in figures.sync_by_day(NOW)] == ["2026-11-20", "2026-11-14"]


def test_the_queue_is_counted_by_type(hot_lead: Assessment, cold_lead: Assessment) -> None:
    for lead, failures in ((hot_lead, 1), (cold_lead, 3)):
        SyncQueueItem.objects.create(
            assessment=lead, sync_type="contact", next_retry_at=NOW, retry_count=failures
        )
    assert figures.queue_by_type() == (QueueLine("contact", 2, NOW.isoformat(), 3),)


def test_what_needs_a_person_is_no_part_of_the_waiting_line(hot_lead: Assessment) -> None:
    failed_item(hot_lead)
    assert figures.queue_by_type() == ()


def test_what_needs_a_person_is_counted_by_cause(hot_lead: Assessment, cold_lead: Assessment) -> None:
    failed_item(hot_lead, created_at=NOW)
    failed_item(cold_lead, created_at=NOW - timedelta(days=1))
    assert figures.failed_by_cause() == (
        FailedCause("invalid_email", 2, (NOW - timedelta(days=1)).isoformat()),
    )


@pytest.mark.parametrize(
    "figure", [lambda: figures.sync_by_day(NOW), figures.queue_by_type, figures.failed_by_cause]
)
def test_a_figure_is_one_query(
    figure: Any, hot_lead: Assessment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        figure()
