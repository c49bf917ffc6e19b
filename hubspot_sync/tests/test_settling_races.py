"""Settle and *Send again* at the same moment, on two real connections: whoever comes second decides."""

import pytest
from django.db import transaction

from accounts.models import User
from accounts.tests.people import member
from assessments.models import Assessment
from hubspot_sync.delivery.resending import resend_all
from hubspot_sync.delivery.settling import settle_without_delivery
from hubspot_sync.models import SyncQueueItem
from hubspot_sync.tests.factories import failed_item
from tests.elsewhere import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sam(db: None) -> User:
    return member("Sales")


def states(lead: Assessment) -> tuple[str, str]:
    """Of the newest row of the queue, and of the lead."""
    lead.refresh_from_db()
    newest = SyncQueueItem.objects.filter(assessment=lead).latest("created_at")
    return newest.status, lead.hubspot_sync_status


def test_sent_again_while_it_is_being_settled_it_is_sent(
    hot_lead: Assessment, sam: User, elsewhere: Elsewhere
) -> None:
    failed_item(hot_lead)
    with transaction.atomic():
        assert settle_without_delivery(hot_lead.pk, "A competitor", by=sam)
        sent = elsewhere.waits(lambda: resend_all([hot_lead.pk]))
    assert sent.result()
    assert states(hot_lead) == ("waiting", "pending")


def test_settled_while_it_is_being_sent_again_it_is_settled(
    hot_lead: Assessment, sam: User, elsewhere: Elsewhere
) -> None:
    failed_item(hot_lead)
    with transaction.atomic():
        assert resend_all([hot_lead.pk])
        settled = elsewhere.waits(lambda: settle_without_delivery(hot_lead.pk, "A competitor", by=sam))
    assert settled.result()
    assert states(hot_lead) == ("cancelled", "settled")
