"""Settle and *Send again* at the same moment, on two real connections: whoever comes second decides."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from accounts.tests.people import member
from assessments.models import Assessment
from hubspot_sync.delivery.resending import resend_all
from hubspot_sync.delivery.settling import settle_without_delivery
from hubspot_sync.models import SyncQueueItem
from hubspot_sync.tests.factories import failed_item

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 4  # before the wait for a lock is given up


@pytest.fixture
def sam(db: None) -> User:
    return member("Sales")


def one_after_the_other(first: Callable[[], Any], second: Callable[[], Any]) -> None:
    """Begin the second on another connection while the first is not committed; it has to wait."""

    def away() -> None:
        try:
            assert second()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            assert first()
            waits = pool.submit(away)
            deadline = time.monotonic() + SECONDS
            while not cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
                assert time.monotonic() < deadline, "nobody waits"
        waits.result()


def states(lead: Assessment) -> tuple[str, str]:
    """Of the newest row of the queue, and of the lead."""
    lead.refresh_from_db()
    newest = SyncQueueItem.objects.filter(assessment=lead).latest("created_at")
    return newest.status, lead.hubspot_sync_status


def test_sent_again_while_it_is_being_settled_it_is_sent(hot_lead: Assessment, sam: User) -> None:
    failed_item(hot_lead)
    one_after_the_other(
        lambda: settle_without_delivery(hot_lead.pk, "A competitor", by=sam),
        lambda: resend_all([hot_lead.pk]),
    )
    assert states(hot_lead) == ("waiting", "pending")


def test_settled_while_it_is_being_sent_again_it_is_settled(hot_lead: Assessment, sam: User) -> None:
    failed_item(hot_lead)
    one_after_the_other(
        lambda: resend_all([hot_lead.pk]),
        lambda: settle_without_delivery(hot_lead.pk, "A competitor", by=sam),
    )
    assert states(hot_lead) == ("cancelled", "skipped")
