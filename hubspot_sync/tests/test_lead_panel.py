"""HubSpot on the page of a lead."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.tests.people import logged_in, member
from assessments.lifecycle.corrections import change_consent
from assessments.models import Assessment, ConsentSource, Purpose
from assessments.tests.factories import ADA
from hubspot_sync.causes import explain
from hubspot_sync.delivery.lead_reader import configured_destination
from hubspot_sync.models import SyncQueueItem
from hubspot_sync.reconciliation.reconcile import reconcile
from hubspot_sync.status.figures import sync_by_day
from hubspot_sync.tests.conftest import Account, Queue
from hubspot_sync.tests.factories import failed_item
from leads.models import LeadEvent
from leads.tabs import call_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return logged_in(member("Sales"))


def page_of(client: Client, lead: Assessment) -> str:
    return str(client.get(reverse("admin:leads_lead_change", args=[lead.pk])).content.decode())


def test_the_page_names_the_cause(client: Client, hot_lead: Assessment) -> None:
    item = failed_item(hot_lead)
    SyncQueueItem.objects.filter(pk=item.pk).update(failure_cause="invalid_email")
    page = page_of(client, hot_lead)
    assert escape(explain("invalid_email").happened) in page
    assert "Send again" in page
    assert "Settle without delivery" in page


def test_a_lead_is_sent_again_from_its_page(client: Client, hot_lead: Assessment) -> None:
    item = failed_item(hot_lead)
    client.post(reverse("admin:hubspot_sync_lead_send", args=[hot_lead.pk]))
    item.refresh_from_db()
    assert item.status == "waiting"
    assert LeadEvent.objects.get().kind == "sent_again"


def test_a_lead_is_settled_with_a_reason(client: Client, hot_lead: Assessment) -> None:
    item = failed_item(hot_lead)
    client.post(
        reverse("admin:hubspot_sync_lead_settle", args=[hot_lead.pk]),
        {"reason": "A competitor looking around"},
    )
    item.refresh_from_db()
    hot_lead.refresh_from_db()
    assert (item.status, hot_lead.hubspot_sync_status) == ("cancelled", "settled")
    assert LeadEvent.objects.get().detail == "A competitor looking around"
    assert not SyncQueueItem.objects.need_a_person().exists()


def test_a_settled_lead_is_called_no_more(client: Client, hot_lead: Assessment) -> None:
    failed_item(hot_lead)
    assert call_now().exists()
    client.post(reverse("admin:hubspot_sync_lead_settle", args=[hot_lead.pk]), {"reason": "A competitor"})
    assert not call_now().exists()
    assert "HubSpot: Settled" in page_of(client, hot_lead)
    [day] = sync_by_day(timezone.now())
    assert (day.settled, day.waiting) == (1, 0)


def test_a_settled_lead_is_not_sent_by_the_next_comparison(
    account: Account, queued: Queue, client: Client
) -> None:
    lead = queued()
    client.post(reverse("admin:hubspot_sync_lead_settle", args=[lead.pk]), {"reason": "A competitor"})
    reconcile(account.client, configured_destination(account.client.account()))
    account.deliver()
    assert account.totals == (0, 0, 0)


def test_who_objects_is_not_said_to_be_scrubbed(client: Client, hot_lead: Assessment) -> None:
    change_consent(ADA["email"], [hot_lead], {Purpose.FOLLOW_UP: False}, ConsentSource.PRIVACY_PAGE)
    address = reverse("admin:hubspot_sync_lead_send", args=[hot_lead.pk])
    [told] = client.post(address, follow=True).context["messages"]
    assert "the person must not be contacted" in str(told)


def test_nothing_is_settled_without_a_reason(client: Client, hot_lead: Assessment) -> None:
    item = failed_item(hot_lead)
    client.post(reverse("admin:hubspot_sync_lead_settle", args=[hot_lead.pk]), {"reason": " "})
    item.refresh_from_db()
    assert item.status == "failed"


def test_who_may_not_deliver_is_refused(hot_lead: Assessment) -> None:
    privacy = logged_in(member("Privacy"))
    for verb in ("send", "settle"):
        address = reverse(f"admin:hubspot_sync_lead_{verb}", args=[hot_lead.pk])
        assert privacy.post(address, {"reason": "x"}).status_code == 403
