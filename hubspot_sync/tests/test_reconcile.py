"""Our ledger against HubSpot's: what differs is found, put right or listed, and nothing else is touched."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from assessments.models import Assessment
from assessments.tests.factories import ADA
from audit.models import SystemLog
from hubspot_simulator.account.kinds import Kind
from hubspot_sync.delivery.enqueue import enqueue
from hubspot_sync.delivery.lead_reader import configured_destination
from hubspot_sync.http.breaker import breaker
from hubspot_sync.http.errors import NotAuthorised, Throttled, TryAgain
from hubspot_sync.models import Difference, QueueStatus, Reconciliation, SyncQueueItem
from hubspot_sync.reconciliation import compare
from hubspot_sync.reconciliation.reconcile import reconcile, summary_of
from hubspot_sync.status import backlog
from hubspot_sync.tasks import reconcile_nightly
from hubspot_sync.tests.conftest import Account, Queue, fresh, row_of

pytestmark = pytest.mark.django_db

READ = "POST objects/contacts/batch/read"


def reconciled(account: Account, **options: Any) -> Reconciliation:
    run = reconcile(account.client, configured_destination(account.client.account()), **options)
    assert run
    return run


def found() -> list[tuple[str, bool]]:
    return list(Difference.objects.order_by("pk").values_list("kind", "put_right"))


def edit(account: Account, kind: str, id: str | None, **properties: str) -> None:
    account.client.call("PATCH", f"/crm/v3/objects/{kind}/{id}", {"properties": properties})


def make(account: Account, kind: str, **properties: str) -> str:
    return str(account.client.call("POST", f"/crm/v3/objects/{kind}", {"properties": properties})["id"])


def hours_ago(account: Account, hours: float) -> None:
    """Every record in HubSpot was made so long ago."""
    for kind in Kind:
        for id, record in account.running.store.records[kind].items():
            moved = record.created_at - timedelta(hours=hours)
            account.running.store.records[kind][id] = type(record)(
                record.id, record.kind, record.properties, moved, record.updated_at, record.archived_at
            )


@pytest.fixture
def lead(account: Account, queued: Queue) -> Assessment:
    """One lead with a deal, delivered."""
    lead = queued()
    account.deliver()
    return fresh(lead)


# All is well


def test_two_sides_that_agree_differ_in_nothing(account: Account, queued: Queue) -> None:
    for number in range(3):
        queued(f"lead{number}@x.example")
    queued("plain@x.example", answers="A")
    account.deliver()
    assert summary_of(reconciled(account)) == "4 leads here, 4 there, 0 differ"
    assert found() == []
    assert account.deliver() == 0


def test_it_costs_three_calls_for_a_hundred_leads_and_never_a_search(account: Account, queued: Queue) -> None:
    for number in range(110):
        queued(f"lead{number}@x.example")
    account.deliver()
    account.deliver()
    account.running.portal.calls.clear()
    assert reconciled(account).here == 110
    calls = [call.kind for call in account.running.portal.calls.kept]
    assert len([kind for kind in calls if kind.startswith("POST")]) == 6
    assert len([kind for kind in calls if kind.startswith("GET")]) == 4
    assert not [kind for kind in calls if "search" in kind]


def test_the_result_is_written_down_in_counts(account: Account, lead: Assessment) -> None:
    run = reconciled(account)
    log = SystemLog.objects.get(event_type="hubspot_reconciliation")
    assert log.message == "1 lead here, 1 there, 0 differ"
    assert (log.data["here"], log.data["there"], log.data["differ"]) == (1, 1, 0)
    assert backlog.last_reconciliation() == run


def test_what_sales_may_change_is_no_difference(account: Account, lead: Assessment) -> None:
    edit(account, "contacts", lead.hubspot_contact_id, firstname="Augusta")
    edit(account, "deals", lead.hubspot_deal_id, dealname="Big one", amount="90000")
    assert summary_of(reconciled(account)) == "1 lead here, 1 there, 0 differ"


def test_a_lead_whose_address_no_contact_has_is_listed(account: Account, lead: Assessment) -> None:
    edit(account, "contacts", lead.hubspot_contact_id, email="attacker@evil.example")
    assert summary_of(reconciled(account)).startswith("1 lead here, 0 there, 1 differs")
    assert found() == [("address_missing", False)]


def test_an_address_that_a_contact_has_beside_its_first_one_is_there(
    account: Account, lead: Assessment
) -> None:
    both = {"email": "augusta@home.example", "hs_additional_emails": "ada@engines.example"}
    edit(account, "contacts", lead.hubspot_contact_id, **both)
    assert summary_of(reconciled(account)) == "1 lead here, 1 there, 0 differ"


def test_a_lead_of_another_account_is_listed_and_left(account: Account, lead: Assessment) -> None:
    Assessment.objects.filter(pk=lead.pk).update(hubspot_portal_id="999")
    reconciled(account)
    assert found() == [("other_account", False)]
    assert fresh(lead).hubspot_contact_id == lead.hubspot_contact_id


def test_runs_of_one_person_do_not_contradict_each_other(account: Account, queued: Queue) -> None:
    queued(answers="C", completed_at=timezone.now() - timedelta(days=1))
    queued(answers="D")
    account.deliver()
    assert summary_of(reconciled(account)) == "2 leads here, 2 there, 0 differ"


# Put right


def test_a_value_of_ours_that_differs_is_sent_again(account: Account, lead: Assessment) -> None:
    edit(account, "contacts", lead.hubspot_contact_id, ai_assessment_score="99")
    run = reconciled(account)
    assert summary_of(run) == "1 lead here, 1 there, 1 differs: 1 put right, 0 for a person to decide"
    assert fresh(lead).hubspot_sync_status == "pending"
    account.deliver()
    assert account.contacts[0]["ai_assessment_score"] == "20"
    assert found() == [("contact_differs", True)]


def test_a_link_that_is_gone_is_made_again(account: Account, lead: Assessment) -> None:
    account.running.store.unlink((lead.hubspot_deal_id or "", lead.hubspot_contact_id or ""))
    reconciled(account)
    account.deliver()
    assert account.totals == (1, 1, 1)
    assert found() == [("not_linked", True)]


def test_a_deal_that_lost_our_key_gets_it_back(account: Account, lead: Assessment) -> None:
    edit(account, "deals", lead.hubspot_deal_id, ai_assessment_key="")
    reconciled(account)
    account.deliver()
    assert account.deals[0]["ai_assessment_key"] == str(lead.pk)
    assert account.totals == (1, 1, 1)


@pytest.mark.parametrize("lost", ["hubspot_contact_id", "hubspot_deal_id"])
def test_a_lead_that_was_never_sent_is_sent(account: Account, lead: Assessment, lost: str) -> None:
    SyncQueueItem.objects.all().delete()
    Assessment.objects.update(**{lost: None})
    assert summary_of(reconciled(account)).startswith("1 lead here, 0 there, 1 differs: 1 put right")
    account.deliver()
    assert account.totals == (1, 1, 1)
    assert fresh(lead).hubspot_sync_status == "synced"
    assert found() == [("not_sent", True)]


def test_our_id_follows_a_contact_that_was_merged(account: Account, lead: Assessment) -> None:
    body = {
        "primaryObjectId": make(account, "contacts", email="boss@x.example"),
        "objectIdToMerge": lead.hubspot_contact_id,
    }
    survivor = account.client.call("POST", "/crm/v3/objects/contacts/merge", body)["id"]
    assert "1 differs: 1 put right" in summary_of(reconciled(account))
    assert fresh(lead).hubspot_contact_id == survivor
    assert found() == [("contact_merged", True)]
    assert "0 differ" in summary_of(reconciled(account))


def test_our_id_follows_a_deal_that_was_merged(account: Account, lead: Assessment) -> None:
    other = make(account, "deals", dealname="Other")
    body = {"primaryObjectId": lead.hubspot_deal_id, "objectIdToMerge": other}
    survivor = account.client.call("POST", "/crm/v3/objects/deals/merge", body)["id"]
    reconciled(account)
    assert fresh(lead).hubspot_deal_id == survivor
    assert found() == [("deal_merged", True)]


# For a person to decide


@pytest.mark.parametrize(("kind", "name"), [("contacts", "contact_gone"), ("deals", "deal_gone")])
def test_what_was_deleted_there_is_listed_and_not_brought_back(
    account: Account, lead: Assessment, kind: str, name: str
) -> None:
    account.client.archive(kind, [getattr(lead, f"hubspot_{kind[:-1]}_id")])
    run = reconciled(account)
    assert summary_of(run) == "1 lead here, 0 there, 1 differs: 0 put right, 1 for a person to decide"
    assert account.deliver() == 0
    assert found() == [(name, False)]
    assert [difference.assessment for difference in backlog.differences_to_decide()] == [lead]


def test_what_was_erased_there_is_listed_too(account: Account, lead: Assessment) -> None:
    body = {"objectId": lead.hubspot_contact_id}
    account.client.call("POST", "/crm/v3/objects/contacts/gdpr-delete", body)
    reconciled(account)
    assert found() == [("contact_gone", False)]


@pytest.mark.parametrize("key", ["5b3a7c1e-0000-4000-8000-00000000abcd", "no key of ours"])
def test_a_deal_with_a_key_that_nobody_here_has_is_listed(account: Account, key: str) -> None:
    make(account, "deals", dealname="Copy", ai_assessment_key=key)
    hours_ago(account, 2)
    assert summary_of(reconciled(account)).startswith(
        "0 leads here, 1 there, 1 differs: 0 put right, 1 for a"
    )
    assert found() == [("deal_unknown", False)]


def test_a_second_contact_with_the_address_of_a_lead_is_listed(account: Account, lead: Assessment) -> None:
    edit(account, "contacts", lead.hubspot_contact_id, email="ada@mended.example")
    double = make(account, "contacts", email="ada@engines.example", lead_source="AI Reality Check")
    reconciled(account)
    assert found() == [("contact_doubled", False)]
    assert Difference.objects.get().hubspot_id == double


def test_a_contact_with_our_values_that_nobody_here_has_is_listed(account: Account) -> None:
    make(account, "contacts", email="who@x.example", ai_assessment_score="3")
    hours_ago(account, 2)
    reconciled(account)
    assert found() == [("contact_unknown", False)]


def test_contacts_of_others_are_none_of_our_business(account: Account, lead: Assessment) -> None:
    make(account, "contacts", email="who@x.example", lead_source="Trade fair")
    make(account, "deals", dealname="Theirs")
    hours_ago(account, 2)
    reconciled(account)
    assert found() == []


@pytest.mark.parametrize("hours", [0.1, 31 * 24])
def test_what_was_made_just_now_or_before_our_retention_is_not_missed(account: Account, hours: float) -> None:
    make(account, "contacts", email="who@x.example", ai_assessment_score="3")
    make(account, "deals", dealname="Old", ai_assessment_key="5b3a7c1e-0000-4000-8000-00000000abcd")
    hours_ago(account, hours)
    reconciled(account)
    assert found() == []


# Who is not compared


def test_a_scrubbed_lead_is_neither_missing_nor_sent_again(account: Account, lead: Assessment) -> None:
    Assessment.objects.update(
        **dict.fromkeys([*ADA, "hubspot_contact_id", "hubspot_deal_id"]), email_scrubbed_at=timezone.now()
    )
    account.client.archive("contacts", [lead.hubspot_contact_id or ""])
    assert summary_of(reconciled(account)) == "0 leads here, 0 there, 0 differ"
    assert account.deliver() == 0


def test_a_lead_on_its_way_is_counted_apart(account: Account, lead: Assessment, queued: Queue) -> None:
    queued("later@x.example")
    assert summary_of(reconciled(account)) == "1 lead here, 1 there, 0 differ; 1 on the way"


def test_a_lead_that_needs_a_person_is_left_to_the_person(account: Account, queued: Queue) -> None:
    lead = queued("nobody@nowhere")
    account.deliver()
    reconciled(account)
    assert row_of(lead).status == QueueStatus.FAILED
    assert found() == []


@pytest.mark.django_db(transaction=True)  # inside one transaction the database's clock stands still
def test_a_lead_that_changes_while_it_is_compared_is_left_for_tomorrow(
    account: Account, lead: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(account, "contacts", lead.hubspot_contact_id, ai_assessment_score="99")
    links = account.client.links

    def and_meanwhile(*args: Any) -> Any:
        Assessment.objects.update(company="Engines Ltd")
        return links(*args)

    monkeypatch.setattr(account.client, "links", and_meanwhile)
    reconciled(account)
    assert found() == []


# Dry, in slices, by itself


def test_a_dry_run_changes_nothing_and_tells_all(account: Account, lead: Assessment) -> None:
    edit(account, "contacts", lead.hubspot_contact_id, ai_assessment_score="99")
    run = reconciled(account, dry_run=True)
    assert summary_of(run) == "1 lead here, 1 there, 1 differs (dry run: nothing was changed)"
    assert fresh(lead).hubspot_sync_status == "synced"
    assert account.deliver() == 0
    assert found() == [("contact_differs", False)]
    assert backlog.last_reconciliation() is None


def test_a_run_that_was_cut_off_goes_on_where_it_was(
    account: Account, queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "PAGE", 2)
    for number in range(5):
        queued(f"lead{number}@x.example")
    account.deliver()
    account.running.portal.calls.clear()
    account.fails(route=READ, skip=1, times=1, status=503)
    with pytest.raises(TryAgain):
        reconciled(account)
    assert reconciled(account).here == 5
    assert account.calls(READ) == 4
    assert Reconciliation.objects.count() == 1


def test_a_slice_stops_in_time_and_the_next_goes_on(account: Account, lead: Assessment) -> None:
    assert reconciled(account, until=0).finished_at is None
    assert reconciled(account).finished_at


def test_two_do_not_compare_at_once(account: Account, lead: Assessment) -> None:
    Reconciliation.objects.claim(dry_run=False)
    assert reconcile(account.client, configured_destination(account.client.account())) is None
    Reconciliation.objects.update(lease_until=F("lease_until") - timedelta(minutes=3))
    assert reconciled(account).finished_at


def test_who_lost_the_lease_writes_nothing(
    account: Account, lead: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = account.client.read

    def and_meanwhile(*args: Any, **options: Any) -> Any:
        Reconciliation.objects.update(lease_token="5b3a7c1e-0000-4000-8000-00000000abcd")
        return read(*args, **options)

    monkeypatch.setattr(account.client, "read", and_meanwhile)
    assert reconcile(account.client, configured_destination(account.client.account())) is None
    assert Reconciliation.objects.get().here == 0


def test_a_run_that_was_left_for_a_day_begins_anew(account: Account, lead: Assessment) -> None:
    reconciled(account, until=0)
    Reconciliation.objects.update(started_at=timezone.now() - timedelta(days=2), here=40)
    assert reconciled(account).here == 1


def test_every_night_once(account: Account, lead: Assessment) -> None:
    for _ in range(2):
        reconcile_nightly()
    assert Reconciliation.objects.count() == 1
    Reconciliation.objects.update(started_at=F("started_at") - timedelta(days=1))
    reconcile_nightly()
    assert Reconciliation.objects.count() == 2


def test_an_outage_at_night_is_one_line(
    account: Account, lead: Assessment, caplog: pytest.LogCaptureFixture
) -> None:
    account.fails(status=503)
    reconcile_nightly()
    assert "comparing waits" in caplog.text
    account.recovers()
    reconcile_nightly()
    assert backlog.last_reconciliation()


def test_while_the_circuit_is_open_nothing_is_compared(account: Account, lead: Assessment) -> None:
    breaker().failed(NotAuthorised("not_authorised_401"))
    account.running.portal.calls.clear()
    reconcile_nightly()
    assert not account.running.portal.calls.kept


def test_a_refusal_at_night_alerts(
    account: Account, lead: Assessment, caplog: pytest.LogCaptureFixture
) -> None:
    account.running.portal.token = "another"
    reconcile_nightly()
    assert "hubspot_not_authorised: not_authorised_401" in caplog.text


# The command


def run_command(*options: str) -> list[str]:
    out = StringIO()
    call_command("hubspot_reconcile", *options, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_says_the_one_line_and_lists_what_is_to_decide(
    account: Account, lead: Assessment
) -> None:
    account.client.archive("contacts", [lead.hubspot_contact_id or ""])
    assert run_command() == [
        "1 lead here, 0 there, 1 differs: 0 put right, 1 for a person to decide",
        f"Contact was deleted: lead {lead.pk}, HubSpot id {lead.hubspot_contact_id}",
    ]


def test_the_command_can_be_dry(account: Account, lead: Assessment) -> None:
    assert run_command("--dry-run") == ["1 lead here, 1 there, 0 differ (dry run: nothing was changed)"]


def test_the_command_stops_in_one_line_at_an_outage(account: Account, lead: Assessment) -> None:
    account.fails(status=503)
    with pytest.raises(CommandError, match=r"does not answer: http_503.*goes on where it stopped"):
        run_command()


def test_the_command_names_a_refusal(account: Account, lead: Assessment) -> None:
    account.running.portal.token = "another"
    with pytest.raises(CommandError, match=r"refuses: not_authorised_401. Run hubspot_check"):
        run_command()


def test_the_command_waits_for_a_throttle(
    account: Account, lead: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    read = account.client.__class__.read

    def no_place_twice(*args: Any, **options: Any) -> Any:
        if len(slept) < 2:
            raise Throttled("throttled", retry_after=10)
        return read(*args, **options)

    command = "hubspot_sync.management.commands.hubspot_reconcile"
    monkeypatch.setattr(f"{command}.sleep", slept.append)
    monkeypatch.setattr("hubspot_sync.http.client.HubSpotClient.read", no_place_twice)
    assert run_command() == ["1 lead here, 1 there, 0 differ"]
    assert slept == [10.0, 10.0]


def test_no_address_is_written_down_by_a_comparison(account: Account, lead: Assessment) -> None:
    edit(account, "contacts", lead.hubspot_contact_id, ai_assessment_score="99")
    reconciled(account)
    log = SystemLog.objects.get()
    assert "@" not in f"{log.message}{log.data}{Difference.objects.values().get()}"


# The figures


def test_the_queue_is_told_by_state_and_cause(account: Account, queued: Queue) -> None:
    queued("nobody@nowhere")
    account.deliver()
    queued("a@x.example")
    queued("b@x.example")
    assert [(pile.state, pile.cause, pile.rows) for pile in backlog.undelivered_by_cause()] == [
        ("waiting", "", 2),
        ("failed", "invalid_email", 1),
    ]


def test_the_age_of_the_oldest_due_row_is_told(account: Account, lead: Assessment) -> None:
    assert backlog.longest_overdue() == timedelta()
    enqueue(lead)
    SyncQueueItem.objects.update(next_retry_at=timezone.now() - timedelta(minutes=5))
    assert timedelta(minutes=5) <= backlog.longest_overdue() < timedelta(minutes=6)


def test_the_history_of_a_lead_is_told_latest_first(account: Account, lead: Assessment) -> None:
    account.fails(route="POST objects/contacts/batch/upsert", status=503, times=1)
    enqueue(lead)
    with pytest.raises(TryAgain):
        account.deliver()
    assert [line.outcome for line in backlog.attempts_of(lead.pk)] == ["postponed", "delivered"]
