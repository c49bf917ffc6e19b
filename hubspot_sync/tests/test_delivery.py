"""What arrives in HubSpot when nothing goes wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment
from assessments.tests.factories import ADA, AssessmentFactory
from hubspot_sync.delivery.batch import BatchDelivery
from hubspot_sync.delivery.enqueue import enqueue
from hubspot_sync.delivery.lead_reader import configured_destination
from hubspot_sync.models import QueueStatus, SyncQueueItem
from hubspot_sync.tests.conftest import CONTACTS, DEALS, LINKS, Account, Queue, fresh, row_of

pytestmark = pytest.mark.django_db


def change(lead: Assessment, **fields: Any) -> None:
    """What a visitor does on the results page."""
    lead = fresh(lead)
    for name, value in fields.items():
        setattr(lead, name, value)
    lead.requalify()
    lead.save()
    enqueue(lead)


def test_a_qualified_lead_becomes_one_contact_one_deal_and_one_link(
    account: Account, hot_lead: Assessment
) -> None:
    enqueue(hot_lead)
    assert account.deliver() == 1
    assert account.totals == (1, 1, 1)


def test_the_contact_carries_what_sales_needs(account: Account, hot_lead: Assessment) -> None:
    enqueue(hot_lead)
    account.deliver()
    [contact] = account.contacts
    expected = {
        "email": ADA["email"],
        "firstname": "Ada",
        "lastname": "Lovelace",
        "company": "Analytical Engines",
        "phone": ADA["phone"],
        "ai_assessment_score": "20",
        "ai_assessment_category": "alert",
        "ai_value_score": "20",
        "ai_customer_score": "20",
        "ai_risk_score": "20",
        "ai_governance_score": "20",
        "ai_lead_quality": "executive_briefing_qualified",
        "ai_completion_time": "480",
        "lead_source": "AI Reality Check",
    }
    assert {name: contact[name] for name in expected} == expected


def test_the_deal_stands_in_its_pipeline_under_our_key(account: Account, hot_lead: Assessment) -> None:
    enqueue(hot_lead)
    account.deliver()
    [deal] = account.deals
    assert deal["ai_assessment_key"] == str(hot_lead.pk)
    assert (deal["pipeline"], deal["dealstage"]) == (
        "ai_consulting_pipeline",
        "executive_briefing_requested",
    )
    assert deal["amount"] == "5000"


def test_a_plain_lead_becomes_a_contact_only(account: Account, cold_lead: Assessment) -> None:
    enqueue(cold_lead)
    account.deliver()
    assert account.totals == (1, 0, 0)
    assert account.calls(DEALS) == account.calls(LINKS) == 0


def test_a_delivered_lead_knows_its_records(account: Account, queued: Queue) -> None:
    lead = queued()
    account.deliver()
    lead = fresh(lead)
    assert (lead.hubspot_sync_status, lead.hubspot_sync_attempts, lead.hubspot_sync_error) == (
        "synced",
        1,
        None,
    )
    assert [(lead.hubspot_deal_id, lead.hubspot_contact_id)] == account.links
    assert lead.hubspot_synced_at is not None


def test_a_delivered_row_is_done_and_keeps_its_ids(account: Account, queued: Queue) -> None:
    row = row_of(queued())
    account.deliver()
    row.refresh_from_db()
    assert (row.status, row.lease_token, row.failure_cause) == (QueueStatus.DONE, None, "")
    assert [(row.hubspot_deal_id, row.hubspot_contact_id)] == account.links
    assert account.deliver() == 0


def test_runs_of_one_person_share_a_contact_and_the_newest_wins(account: Account, queued: Queue) -> None:
    now = timezone.now()
    queued("Ada@Engines.example", answers="D", completed_at=now)
    queued("ada@engines.example", answers="C", completed_at=now - timedelta(days=1))
    assert account.deliver() == 2
    assert account.totals == (1, 2, 2)
    assert account.contacts[0]["ai_assessment_score"] == "20"
    assert set(SyncQueueItem.objects.values_list("status", flat=True)) == {QueueStatus.DONE}


def test_an_older_assessment_that_comes_late_does_not_cover_the_newer(
    account: Account, queued: Queue
) -> None:
    now = timezone.now()
    queued(answers="D", completed_at=now)
    account.deliver()
    queued(answers="C", completed_at=now - timedelta(days=1))
    account.deliver()
    assert [contact["ai_assessment_score"] for contact in account.contacts] == ["20"]


def test_an_address_reaches_hubspot_in_its_canonical_form(account: Account, queued: Queue) -> None:
    queued("Ada@stra\u00dfe.example")
    account.deliver()
    assert account.addresses == {"ada@xn--strae-oqa.example"}


def test_more_than_a_call_holds_arrive_in_several(account: Account, queued: Queue) -> None:
    for number in range(103):
        queued(f"lead{number}@x.example")
    assert [account.deliver(), account.deliver(), account.deliver()] == [100, 3, 0]
    assert account.totals == (103, 103, 103)
    assert account.calls(CONTACTS) == account.calls(DEALS) == account.calls(LINKS) == 2


def test_shuffled_answers_find_their_leads(account: Account, queued: Queue) -> None:
    leads = [queued(f"lead{number}@x.example") for number in range(12)]
    account.deliver()
    emails = {record.id: record.get("email") for record in account.running.store.contacts()}
    keys = {record.id: record.get("ai_assessment_key") for record in account.running.store.deals()}
    for lead in map(fresh, leads):
        assert emails[lead.hubspot_contact_id or ""] == lead.email
        assert keys[lead.hubspot_deal_id or ""] == str(lead.pk)


def test_a_lead_that_is_delivered_again_keeps_its_records(account: Account, queued: Queue) -> None:
    lead = queued()
    account.deliver()
    before = fresh(lead).hubspot_contact_id, fresh(lead).hubspot_deal_id
    enqueue(fresh(lead))
    account.deliver()
    assert (fresh(lead).hubspot_contact_id, fresh(lead).hubspot_deal_id) == before
    assert account.totals == (1, 1, 1)


def test_contact_details_that_come_later_arrive_too(account: Account, queued: Queue) -> None:
    lead = queued()
    account.deliver()
    change(lead, company="Analytical Engines")
    account.deliver()
    assert account.contacts[0]["company"] == "Analytical Engines"
    assert account.deals[0]["dealname"] == "Executive briefing: Analytical Engines, score 20"


def sales_moves_the_deal(account: Account) -> None:
    [deal] = account.running.store.deals()
    won = account.running.portal.pipelines["ai_consulting_pipeline"].stages[1].id
    moved = {"dealstage": won, "amount": "90000"}
    path = f"/crm/v3/objects/deals/{deal.id}"
    account.client.call("PATCH", path, {"properties": moved})


def test_a_deal_that_sales_moved_stays_where_it_is(account: Account, queued: Queue) -> None:
    lead = queued()
    account.deliver()
    sales_moves_the_deal(account)
    change(lead, phone="+44 1")
    account.deliver()
    assert account.deals[0]["dealstage"] != "executive_briefing_requested"
    assert account.deals[0]["amount"] == "90000"


def test_a_lead_that_lost_and_regained_its_quality_keeps_the_deal_where_sales_put_it(
    account: Account, queued: Queue
) -> None:
    lead = queued(answers="A", **{name: value for name, value in ADA.items() if name != "email"})
    account.deliver()
    sales_moves_the_deal(account)
    change(lead, phone=None)
    account.deliver()
    assert fresh(lead).qualified_for_briefing is False
    change(lead, phone="+44 1")
    account.deliver()
    assert account.deals[0]["amount"] == "90000"


def test_a_lead_that_changes_on_its_way_is_delivered_as_it_is_now(
    account: Account, queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = queued()
    upsert = account.client.upsert

    def and_meanwhile(kind: str, inputs: Any) -> Any:
        outcome = upsert(kind, inputs)
        change(lead, company="Engines")
        return outcome

    monkeypatch.setattr(account.client, "upsert", and_meanwhile)
    account.deliver()
    assert fresh(lead).hubspot_sync_status == "pending"
    monkeypatch.undo()
    assert account.deliver() == 1
    assert account.contacts[0]["company"] == "Engines"
    assert fresh(lead).hubspot_sync_status == "synced"
    assert SyncQueueItem.objects.count() == 1


# Who must not arrive


def scrub(lead: Assessment) -> None:
    Assessment.objects.filter(pk=lead.pk).update(email=None, email_scrubbed_at=timezone.now())


def test_a_scrubbed_lead_is_never_sent(account: Account, queued: Queue) -> None:
    lead = queued()
    scrub(lead)
    account.deliver()
    assert account.totals == (0, 0, 0)
    assert row_of(lead).status == QueueStatus.CANCELLED
    assert fresh(lead).hubspot_sync_status == "skipped"


def test_a_scrubbed_lead_that_was_synced_stays_synced(account: Account, queued: Queue) -> None:
    lead = queued()
    account.deliver()
    scrub(lead)
    enqueue(fresh(lead))
    account.deliver()
    assert fresh(lead).hubspot_sync_status == "synced"


def test_scrubbed_leads_do_not_hold_up_the_others(account: Account, queued: Queue) -> None:
    scrub(queued("gone@x.example"))
    queued("here@x.example")
    account.deliver()
    assert account.addresses == {"here@x.example"}


def test_a_lead_purged_after_its_claim_holds_up_nobody(account: Account, queued: Queue) -> None:
    purged = queued("purged@x.example")
    queued("kept@x.example")
    rows = {str(item.pk): item for item in SyncQueueItem.objects.claim(100)}
    delivery = BatchDelivery(account.client, configured_destination(account.client.account()), rows)
    purged.delete()
    delivery.run()
    assert account.addresses == {"kept@x.example"}


def test_an_unfinished_assessment_is_not_sent(account: Account, queued: Queue) -> None:
    lead = queued()
    Assessment.objects.filter(pk=lead.pk).update(completed_at=None)
    account.deliver()
    assert account.totals == (0, 0, 0)


# What it costs


def test_statements_do_not_grow_with_the_batch(
    account: Account, queued: Queue, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(50):
        queued(f"lead{number}@x.example")
    with django_assert_max_num_queries(27):
        account.deliver()
    assert not SyncQueueItem.objects.exclude(status=QueueStatus.DONE).exists()


def test_an_empty_queue_costs_next_to_nothing(
    account: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(3):
        assert account.deliver() == 0


def test_attempts_are_counted_over_all_deliveries(account: Account, queued: Queue, version: Any) -> None:
    lead = AssessmentFactory.create(version=version, email="ada@x.example")
    Assessment.objects.update(hubspot_sync_attempts=F("hubspot_sync_attempts") + 4)
    enqueue(lead)
    account.deliver()
    assert fresh(lead).hubspot_sync_attempts == 5
