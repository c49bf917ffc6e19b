"""Who is who: docs/hubspot.md, "Who is who", case by case."""

import os
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from assessments.models import Assessment
from assessments.tests.factories import ADA
from hubspot_simulator.account.kinds import Kind
from hubspot_sync.delivery.enqueue import enqueue
from hubspot_sync.http.errors import TryAgain
from hubspot_sync.models import QueueStatus, SyncAttempt, SyncQueueItem
from hubspot_sync.tests.conftest import CONTACTS, Account, Queue, fails_to_deliver, fresh, row_of
from monitoring.tracing import span, trace_id, tracer

pytestmark = pytest.mark.django_db

KNOWN = "POST objects/contacts/batch/update"


@pytest.fixture
def synced(account: Account, queued: Queue) -> Assessment:
    """Ada, delivered."""
    lead = queued("ada@engines.example")
    account.deliver()
    return fresh(lead)


def change(account: Account, lead: Assessment, **fields: Any) -> Assessment:
    """The person changes contact details, and they are delivered."""
    Assessment.objects.filter(pk=lead.pk).update(**fields)
    enqueue(fresh(lead))
    account.deliver()
    return fresh(lead)


def somebody(account: Account, email: str, *others: str) -> str:
    """A contact that HubSpot has from elsewhere."""
    properties = {"email": email, "hs_additional_emails": ";".join(others)}
    return str(account.client.call("POST", "/crm/v3/objects/contacts", {"properties": properties})["id"])


def contact(account: Account, id: str | None) -> dict[str, str]:
    record = account.running.store.get(Kind.CONTACT, id or "")
    assert record
    return dict(record.properties)


# The address changed here


def test_a_new_address_goes_to_the_contact_that_the_lead_has(account: Account, synced: Assessment) -> None:
    lead = change(account, synced, email="ada@lovelace.example")
    assert account.addresses == {"ada@lovelace.example"}
    assert lead.hubspot_contact_id == synced.hubspot_contact_id
    assert account.totals == (1, 1, 1)


def test_a_new_address_whose_answer_was_lost_is_told_again(account: Account, synced: Assessment) -> None:
    account.fails("reset", route=KNOWN, moment="after", times=1)
    with pytest.raises(Exception, match="hubspot_unreachable"):
        change(account, synced, email="ada@lovelace.example")
    SyncQueueItem.objects.update(next_retry_at=timezone.now())
    account.deliver()
    assert account.addresses == {"ada@lovelace.example"}
    assert account.totals == (1, 1, 1)


def test_an_address_that_sales_mended_stays_mended(account: Account, synced: Assessment) -> None:
    path = f"/crm/v3/objects/contacts/{synced.hubspot_contact_id}"
    account.client.call("PATCH", path, {"properties": {"email": "ada@mended.example"}})
    change(account, synced, company="Engines Ltd")
    assert account.addresses == {"ada@mended.example"}
    assert account.contacts[0]["company"] == "Engines Ltd"


def test_the_lead_remembers_which_address_was_told_but_not_in_clear(synced: Assessment) -> None:
    assert re.fullmatch("[0-9a-f]{64}", synced.hubspot_address_hash or "")


def test_an_address_that_another_contact_has_leads_to_that_contact(
    account: Account, synced: Assessment
) -> None:
    other = somebody(account, "ada@lovelace.example")
    lead = change(account, synced, email="ada@lovelace.example")
    assert lead.hubspot_contact_id == other
    assert contact(account, other)["ai_assessment_score"] == "20"
    assert contact(account, synced.hubspot_contact_id)["email"] == "ada@engines.example"
    assert (lead.hubspot_deal_id, other) in account.links
    assert (row_of(lead).status, row_of(lead).last_error) == (QueueStatus.DONE, "address_of_another_contact")


def test_a_conflict_that_fails_the_whole_batch_moves_its_lead_alone(account: Account, queued: Queue) -> None:
    leads = [queued(f"lead{number}@x.example") for number in range(4)]
    account.deliver()
    somebody(account, "new0@x.example")
    for number, lead in enumerate(leads):
        Assessment.objects.filter(pk=lead.pk).update(email=f"new{number}@x.example")
        enqueue(fresh(lead))
    account.fails(route=KNOWN, status=409, times=1)
    account.deliver()
    assert set(SyncQueueItem.objects.values_list("status", flat=True)) == {QueueStatus.DONE}
    assert account.addresses >= {f"new{number}@x.example" for number in range(4)}
    assert len(account.contacts) == 5


def test_a_lead_that_shared_a_contact_leaves_it_to_the_other(account: Account, queued: Queue) -> None:
    first, second = queued(), queued()
    account.deliver()
    Assessment.objects.filter(pk=first.pk).update(email="ada@lovelace.example")
    enqueue(fresh(first))
    enqueue(fresh(second))
    account.deliver()
    assert account.addresses == {"ada@engines.example", "ada@lovelace.example"}
    assert contact(account, fresh(second).hubspot_contact_id)["email"] == "ada@engines.example"
    assert row_of(first).last_error == "new_address"


# Two leads, one address


def test_a_second_lead_with_the_address_shares_the_contact(
    account: Account, queued: Queue, synced: Assessment
) -> None:
    second = queued("ada@engines.example")
    account.deliver()
    assert fresh(second).hubspot_contact_id == synced.hubspot_contact_id
    assert account.totals == (1, 2, 2)


def test_known_and_new_rows_of_one_person_meet_in_one_batch(
    account: Account, queued: Queue, synced: Assessment
) -> None:
    second = queued("ada@engines.example", answers="C", completed_at=timezone.now() + timedelta(hours=1))
    enqueue(synced)
    account.deliver()
    assert account.totals == (1, 2, 2)
    assert account.contacts[0]["ai_assessment_score"] == str(second.total_score)


def test_the_older_assessment_of_a_contact_does_not_cover_the_newer(
    account: Account, queued: Queue, synced: Assessment
) -> None:
    newer = queued("ada@engines.example", answers="C", completed_at=timezone.now() + timedelta(hours=1))
    account.deliver()
    change(account, synced, email="ada@lovelace.example")
    assert account.contacts[0]["ai_assessment_score"] == str(newer.total_score)


# Second addresses


def test_a_second_address_leads_to_its_contact_and_stays_second(account: Account, queued: Queue) -> None:
    id = somebody(account, "primary@x.example", "ada@engines.example")
    queued("good@x.example")
    lead = queued("ada@engines.example")
    account.deliver()
    assert fresh(lead).hubspot_contact_id == id
    assert contact(account, id)["email"] == "primary@x.example"
    assert contact(account, id)["ai_assessment_score"] == "20"
    assert row_of(lead).last_error == "second_address"
    assert account.addresses == {"primary@x.example", "good@x.example"}


def test_where_a_conflict_is_told_of_its_input_alone_the_second_address_is_found_too(
    account: Account, queued: Queue
) -> None:
    portal = account.running.portal
    portal.switches = replace(portal.switches, whole_batch_conflict=False)
    id = somebody(account, "primary@x.example", "ada@engines.example")
    lead = queued("ada@engines.example")
    account.deliver()
    assert fresh(lead).hubspot_contact_id == id


# Merged in HubSpot


def merge(account: Account, primary: str | None, other: str | None) -> str:
    body = {"primaryObjectId": primary, "objectIdToMerge": other}
    return str(account.client.call("POST", "/crm/v3/objects/contacts/merge", body)["id"])


def test_our_id_follows_a_contact_that_was_merged(account: Account, synced: Assessment) -> None:
    survivor = merge(account, somebody(account, "boss@x.example"), synced.hubspot_contact_id)
    lead = change(account, synced, company="Engines Ltd")
    assert lead.hubspot_contact_id == survivor
    assert contact(account, survivor)["company"] == "Engines Ltd"
    assert contact(account, survivor)["email"] == "boss@x.example"
    assert account.totals == (1, 1, 1)


# Deleted or erased in HubSpot


def test_a_contact_that_was_deleted_is_made_again_when_the_person_changes_something(
    account: Account, synced: Assessment
) -> None:
    account.client.archive("contacts", [synced.hubspot_contact_id or ""])
    lead = change(account, synced, company="Engines Ltd")
    assert account.totals == (1, 1, 1)
    assert lead.hubspot_contact_id != synced.hubspot_contact_id
    assert (row_of(lead).status, row_of(lead).last_error) == (QueueStatus.DONE, "made_again")


def test_a_deal_that_was_deleted_is_made_again_whole(account: Account, synced: Assessment) -> None:
    account.client.archive("deals", [synced.hubspot_deal_id or ""])
    lead = change(account, synced, company="Engines Ltd")
    [deal] = account.deals
    assert (deal["pipeline"], deal["amount"]) == ("ai_consulting_pipeline", "5000")
    assert account.links == [(lead.hubspot_deal_id, lead.hubspot_contact_id)]


def erase(account: Account, lead: Assessment) -> None:
    body = {"objectId": lead.hubspot_contact_id}
    account.client.call("POST", "/crm/v3/objects/contacts/gdpr-delete", body)


def test_a_person_erased_there_is_refused_once_with_a_cause_of_its_own(
    account: Account, synced: Assessment
) -> None:
    erase(account, synced)
    lead = change(account, synced, company="Engines Ltd")
    assert (row_of(lead).status, row_of(lead).failure_cause) == (QueueStatus.FAILED, "erased_in_hubspot")
    assert account.contacts == []
    sent = account.calls(CONTACTS)
    assert account.deliver() == 0
    assert account.calls(CONTACTS) == sent


def test_an_erased_person_does_not_hold_up_the_others(
    account: Account, synced: Assessment, queued: Queue
) -> None:
    erase(account, synced)
    queued("good@x.example")
    change(account, synced, **{name: value for name, value in ADA.items() if name != "email"})
    assert account.addresses == {"good@x.example"}


# The history of it all


def test_the_history_says_what_became_of_a_lead_each_time(account: Account, queued: Queue) -> None:
    lead = queued()
    account.fails("silent", route=CONTACTS, times=1)
    fails_to_deliver(account, TryAgain)
    SyncQueueItem.objects.update(next_retry_at=timezone.now())
    account.deliver()
    change(account, lead, company="Engines Ltd")
    lines = SyncAttempt.objects.filter(assessment=lead).order_by("pk")
    assert list(lines.values_list("outcome", "cause", "revision")) == [
        ("postponed", "unreadable_answer", 1),
        ("delivered", "", 1),
        ("delivered", "", 1),
    ]
    assert all(len(line.correlation_id) == 36 for line in lines)
    assert all(line.trace_id == "" for line in lines)


def test_the_history_names_the_trace_of_each_attempt(
    account: Account, queued: Queue, settings: Settings
) -> None:
    lead = queued()
    settings.TRACES_URL = "http://127.0.0.1:9/v1/traces"
    try:
        with span("task"):
            expected = trace_id()
            account.deliver()
    finally:
        tracer(os.getpid()).span_processor.shutdown()
        tracer.cache_clear()
    assert lead.hubspot_attempts.get().trace_id == expected != ""
