"""A lead that HubSpot refuses, or says nothing about, fails alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assessments.models import Assessment
from hubspot_sync.delivery.enqueue import resend
from hubspot_sync.http.errors import TryAgain
from hubspot_sync.models import QueueStatus, SyncQueueItem
from hubspot_sync.tests.conftest import (
    CONTACTS,
    DEALS,
    LINKS,
    Account,
    Queue,
    fails_to_deliver,
    fresh,
    row_of,
    statuses,
    time_passes,
)

pytestmark = pytest.mark.django_db


def test_an_address_that_hubspot_refuses_fails_alone_with_its_cause(account: Account, queued: Queue) -> None:
    bad = queued("nobody@nowhere")
    queued("good@x.example")
    account.deliver()
    assert account.addresses == {"good@x.example"}
    assert (row_of(bad).status, row_of(bad).failure_cause) == (QueueStatus.FAILED, "invalid_email")
    assert statuses()["good@x.example"] == QueueStatus.DONE


def test_a_refused_lead_says_why(account: Account, queued: Queue, caplog: pytest.LogCaptureFixture) -> None:
    bad = queued("nobody@nowhere")
    account.deliver()
    assert (fresh(bad).hubspot_sync_status, fresh(bad).hubspot_sync_error) == ("failed", "invalid_email")
    assert f"Lead {bad.pk} needs a person" in caplog.text


def test_a_refused_lead_that_was_mended_is_delivered(account: Account, queued: Queue) -> None:
    bad = queued("nobody@nowhere")
    account.deliver()
    Assessment.objects.filter(pk=bad.pk).update(email="ada@x.example")
    resend(fresh(bad))
    account.deliver()
    assert account.totals == (1, 1, 1)


def held_by_an_archived_contact(account: Account, address: str) -> None:
    """HubSpot then refuses a whole batch with 409, if it is one of those that mind archived values."""
    portal = account.running.portal
    portal.switches = replace(portal.switches, archived_unique="conflict")
    made = account.client.call("POST", "/crm/v3/objects/contacts", {"properties": {"email": address}})
    account.client.archive("contacts", [made["id"]])


def test_a_conflict_that_fails_the_whole_batch_is_narrowed_down_to_its_row(
    account: Account, queued: Queue
) -> None:
    held_by_an_archived_contact(account, "taken@x.example")
    for number in range(16):
        queued(f"good{number}@x.example")
    bad = queued("taken@x.example")
    account.deliver()
    assert len(account.deals) == 16
    assert (row_of(bad).status, row_of(bad).failure_cause) == (QueueStatus.FAILED, "conflict")
    assert account.calls(CONTACTS) <= 2 * 5 + 2


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("route", [CONTACTS, DEALS, LINKS])
def test_a_batch_that_is_refused_once_arrives_in_halves(
    account: Account, queued: Queue, route: str, status: int
) -> None:
    for number in range(4):
        queued(f"good{number}@x.example")
    account.fails(route=route, status=status, times=1)
    account.deliver()
    assert account.totals == (4, 4, 4)
    assert account.calls(route) == 3


def test_what_a_halved_batch_wrote_before_an_outage_is_not_written_again(
    account: Account, queued: Queue
) -> None:
    for number in range(4):
        queued(f"good{number}@x.example")
    account.fails(route=CONTACTS, status=400, times=1)
    account.fails(route=CONTACTS, status=503, skip=1, times=1)
    fails_to_deliver(account, TryAgain)
    assert SyncQueueItem.objects.filter(hubspot_contact_id__isnull=False).count() == 2


@pytest.mark.parametrize("route", [CONTACTS, DEALS])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_input_without_an_answer_is_tried_again_at_the_price_of_an_attempt(
    account: Account, queued: Queue, route: str, moment: str
) -> None:
    for number in range(3):
        queued(f"lead{number}@x.example")
    account.fails("silent", route=route, moment=moment, times=1)
    account.deliver()
    row = SyncQueueItem.objects.get(status=QueueStatus.WAITING)
    assert (row.retry_count, row.last_error) == (1, "no_answer_for_input")
    assert SyncQueueItem.objects.filter(status=QueueStatus.DONE).count() == 2
    time_passes(hours=2)
    account.deliver()
    assert account.totals == (3, 3, 3)
    assert set(statuses().values()) == {QueueStatus.DONE}


def test_a_link_that_nobody_confirms_is_tried_again(account: Account, queued: Queue) -> None:
    queued("first@x.example")
    lead = queued()
    account.fails("silent", route=LINKS, moment="before", times=1)
    account.deliver()
    assert (row_of(lead).status, row_of(lead).retry_count) == (QueueStatus.WAITING, 1)
    time_passes(hours=2)
    account.deliver()
    assert account.totals == (2, 2, 2)
    assert row_of(lead).status == QueueStatus.DONE


def before(lead: Assessment, other: Assessment) -> None:
    """The other one is older: what an answer leaves out is its end."""
    older = row_of(lead).created_at - timedelta(hours=1)
    SyncQueueItem.objects.filter(assessment=other).update(created_at=older)


def test_the_fifth_failure_calls_for_a_person(account: Account, queued: Queue) -> None:
    lead = queued()
    account.fails("silent", route=CONTACTS, moment="before")
    for failures in range(1, 6):
        assert row_of(lead).status == QueueStatus.WAITING
        before(lead, queued(f"answered{failures}@x.example"))
        account.deliver()
        assert (row_of(lead).retry_count, fresh(lead).hubspot_sync_attempts) == (failures, failures)
        time_passes(hours=2)
    assert (row_of(lead).status, row_of(lead).failure_cause) == (QueueStatus.FAILED, "no_answer_for_input")
    assert fresh(lead).hubspot_sync_status == "failed"


def test_a_failed_row_waits_by_the_schedule(account: Account, queued: Queue) -> None:
    queued("answered@x.example")
    lead = queued()
    account.fails("silent", route=CONTACTS)
    account.deliver()
    row = row_of(lead)
    assert row.last_attempt_at is not None
    assert 0 <= (row.next_retry_at - row.last_attempt_at).total_seconds() <= 62
