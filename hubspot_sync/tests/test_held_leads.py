"""Leads that are not sent for want of a consent: listed, counted, and sent once there is one."""

import pytest
from constance.test import override_config
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.lifecycle.consents import record_choices
from assessments.lifecycle.corrections import change_consent
from assessments.models import Assessment, ConsentSource, Purpose
from assessments.models.assessment import SyncStatus
from hubspot_sync.status.figures import sync_by_day
from hubspot_sync.status.home_panel import home_panel
from hubspot_sync.status.metrics import metrics
from hubspot_sync.tests.conftest import Account, Queue, fresh

pytestmark = pytest.mark.django_db

ADA = "ada@engines.example"


@pytest.fixture
def held(account: Account, queued: Queue) -> Assessment:
    """A qualified lead of somebody who objects."""
    lead = queued(ADA)
    record_choices(ADA, {Purpose.FOLLOW_UP: False}, ConsentSource.PRIVACY_PAGE)
    account.deliver()
    return fresh(lead)


def counted() -> float:
    return next(each.samples[0].value for each in metrics() if each.name.endswith("leads_held_back"))


def test_a_lead_of_somebody_who_objects_is_told_apart(held: Assessment) -> None:
    assert held.get_hubspot_sync_status_display() == "Held back: no consent"


def test_it_is_counted_and_not_said_to_wait(held: Assessment) -> None:
    [day] = sync_by_day(timezone.now())
    assert (counted(), day.held, day.waiting) == (1, 1, 0)


def test_the_list_and_the_first_page_show_it(held: Assessment, sales: Client) -> None:
    path = reverse("admin:leads_lead_changelist") + "?sync=held"
    assert ADA in sales.get(path).content.decode()
    assert f'href="{path}"' in sales.get(reverse("admin:index")).content.decode()


def test_without_consent_where_one_is_needed_it_is_held_too(account: Account, queued: Queue) -> None:
    with override_config(HUBSPOT_NEEDS_CONSENT=True):
        lead = queued(ADA)
        account.deliver()
        assert fresh(lead).hubspot_sync_status == SyncStatus.HELD


def test_a_consent_sends_it(held: Assessment, account: Account) -> None:
    change_consent(ADA, [held], {Purpose.FOLLOW_UP: True}, ConsentSource.PRIVACY_PAGE)
    account.deliver()
    assert (fresh(held).hubspot_sync_status, counted()) == (SyncStatus.SYNCED, 0)
    assert account.totals == (1, 1, 1)


def test_what_was_scrubbed_is_held_no_more(held: Assessment) -> None:
    Assessment.objects.filter(pk=held.pk).update(email=None)
    assert home_panel(timezone.now())["held"] == 0
