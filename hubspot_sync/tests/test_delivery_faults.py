"""What becomes of leads when HubSpot, an account, a row or a worker fails."""

import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from assessments.models import Assessment
from hubspot_sync import outcomes
from hubspot_sync.client import HubSpotClient
from hubspot_sync.errors import HubSpotError, Misconfigured, TryAgain
from hubspot_sync.models import QueueStatus, SyncQueueItem
from hubspot_sync.queue import enqueue, resend
from hubspot_sync.simulator.kinds import Kind
from hubspot_sync.tests.conftest import (
    CONTACTS,
    DEALS,
    LINKS,
    Account,
    Queue,
    fresh,
    row_of,
    time_passes,
)

pytestmark = pytest.mark.django_db


def fails_to_deliver(account: Account, family: type[HubSpotError]) -> HubSpotError:
    with pytest.raises(family) as caught:
        account.deliver()
    return caught.value


def statuses() -> dict[str | None, str]:
    return dict(SyncQueueItem.objects.values_list("assessment__email", "status"))


# A bad row fails alone


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


# An input without an answer


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
    lead = queued()
    account.fails("silent", route=LINKS, moment="before", times=1)
    account.deliver()
    assert (row_of(lead).status, row_of(lead).retry_count) == (QueueStatus.WAITING, 1)
    time_passes(hours=2)
    account.deliver()
    assert account.totals == (1, 1, 1)
    assert row_of(lead).status == QueueStatus.DONE


def test_the_fifth_failure_calls_for_a_person(account: Account, queued: Queue) -> None:
    lead = queued()
    account.fails("silent", route=CONTACTS, moment="before")
    for failures in range(1, 6):
        assert row_of(lead).status == QueueStatus.WAITING
        account.deliver()
        assert (row_of(lead).retry_count, fresh(lead).hubspot_sync_attempts) == (failures, failures)
        time_passes(hours=2)
    assert (row_of(lead).status, row_of(lead).failure_cause) == (QueueStatus.FAILED, "no_answer_for_input")
    assert fresh(lead).hubspot_sync_status == "failed"


def test_a_failed_row_waits_by_the_schedule(account: Account, queued: Queue) -> None:
    lead = queued()
    account.fails("silent", route=CONTACTS)
    account.deliver()
    row = row_of(lead)
    assert row.last_attempt_at is not None
    assert 0 <= (row.next_retry_at - row.last_attempt_at).total_seconds() <= 62


# An outage is nobody's fault


@pytest.fixture
def deaf_port() -> str:
    """Where nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


def test_a_hubspot_that_is_not_there_costs_no_attempt(
    account: Account, queued: Queue, deaf_port: str
) -> None:
    lead = queued()
    home, account.client = account.client, HubSpotClient(deaf_port, "token", version="2026-03")
    assert fails_to_deliver(account, TryAgain).cause == "hubspot_unreachable"
    account.client.close()
    account.client = home
    row = row_of(lead)
    assert (row.status, row.retry_count, row.outages) == (QueueStatus.WAITING, 0, 1)
    assert row.last_error == "hubspot_unreachable"


OUTAGES = [(CONTACTS, status) for status in (408, 423, 429, 477, 500, 502, 503, 504, 524)]


@pytest.mark.parametrize(("route", "status"), [*OUTAGES, (DEALS, 503), (DEALS, 429), (LINKS, 503)])
def test_an_outage_at_any_step_costs_no_attempt_and_loses_no_step(
    account: Account, queued: Queue, route: str, status: int
) -> None:
    lead = queued()
    account.fails(route=route, status=status, times=1)
    fails_to_deliver(account, TryAgain)
    row = row_of(lead)
    assert (row.status, row.retry_count, row.outages) == (QueueStatus.WAITING, 0, 1)
    assert (fresh(lead).hubspot_sync_status, fresh(lead).hubspot_sync_attempts) == ("pending", 0)
    time_passes(days=1)
    account.deliver()
    assert account.totals == (1, 1, 1)
    # Only the step that failed is done twice.
    assert [account.calls(step) for step in (CONTACTS, DEALS, LINKS)] == [
        1 + (step == route) for step in (CONTACTS, DEALS, LINKS)
    ]


@pytest.mark.parametrize("effect", ["status", "reset", "truncated"])
@pytest.mark.parametrize("route", [CONTACTS, DEALS, LINKS])
def test_a_write_whose_answer_is_lost_is_not_doubled(
    account: Account, queued: Queue, route: str, effect: Any
) -> None:
    queued()
    account.fails(effect, route=route, moment="after", times=1)
    fails_to_deliver(account, TryAgain)
    time_passes(days=1)
    account.deliver()
    assert account.totals == (1, 1, 1)


def test_a_batch_of_which_half_was_written_is_completed(account: Account, queued: Queue) -> None:
    for number in range(4):
        queued(f"lead{number}@x.example")
    account.fails(route=CONTACTS, moment="partial", inputs=2, status=502, times=1)
    fails_to_deliver(account, TryAgain)
    time_passes(days=1)
    account.deliver()
    assert account.totals == (4, 4, 4)


def test_a_throttle_that_names_a_time_is_obeyed(account: Account, queued: Queue) -> None:
    lead = queued()
    account.fails(route=CONTACTS, status=477, seconds=7200)
    fails_to_deliver(account, TryAgain)
    row = row_of(lead)
    assert row.last_attempt_at is not None
    assert 7199 <= (row.next_retry_at - row.last_attempt_at).total_seconds() <= 7202


def test_an_outage_is_waited_out_for_three_days_and_then_calls_for_a_person(
    account: Account, queued: Queue
) -> None:
    lead = queued()
    account.fails(route=CONTACTS, status=503)
    for _ in range(3):
        fails_to_deliver(account, TryAgain)
        assert row_of(lead).status == QueueStatus.WAITING
        time_passes(hours=23)
    time_passes(hours=4)
    fails_to_deliver(account, TryAgain)
    assert (row_of(lead).status, row_of(lead).failure_cause) == (QueueStatus.FAILED, "http_503")
    assert fresh(lead).hubspot_sync_status == "failed"


def test_a_lead_given_up_after_an_outage_is_delivered_when_it_is_sent_again(
    account: Account, queued: Queue
) -> None:
    lead = queued()
    account.fails(route=CONTACTS, status=503)
    fails_to_deliver(account, TryAgain)
    time_passes(hours=73)
    fails_to_deliver(account, TryAgain)
    account.recovers()
    resend(fresh(lead))
    account.deliver()
    assert account.totals == (1, 1, 1)
    assert fresh(lead).hubspot_sync_status == "synced"


@pytest.mark.parametrize("reason", ["the sync was switched off", "the token was wrong"])
def test_time_that_was_no_outage_does_not_count_towards_giving_up(
    account: Account, queued: Queue, reason: str
) -> None:
    lead = queued()
    if reason == "the token was wrong":
        account.fails(route=CONTACTS, status=503, times=1)
        fails_to_deliver(account, TryAgain)
        time_passes(hours=1)
        account.running.portal.token, right = "another", account.running.portal.token
        fails_to_deliver(account, Misconfigured)
        account.running.portal.token = right
    time_passes(days=7)
    account.fails(route=CONTACTS, status=503)
    fails_to_deliver(account, TryAgain)
    assert row_of(lead).status == QueueStatus.WAITING


@pytest.fixture
def alarm() -> Iterator[None]:
    """Celery's soft time limit, as it comes to a worker: an exception out of a signal."""

    def ring(*_: object) -> None:
        raise SoftTimeLimitExceeded

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_a_batch_that_takes_too_long_is_an_outage_too(
    account: Account, queued: Queue, request: pytest.FixtureRequest
) -> None:
    lead = queued()
    account.fails("hang", route=DEALS, seconds=5)
    request.getfixturevalue("alarm")
    assert fails_to_deliver(account, TryAgain).cause == "out_of_time"
    assert (row_of(lead).status, row_of(lead).claims) == (QueueStatus.WAITING, 0)
    assert row_of(lead).hubspot_contact_id


# A misconfigured account stops the line and spends nothing


def unspent(lead: Assessment) -> bool:
    row = row_of(lead)
    spent = (row.retry_count, row.claims, row.outages)
    return row.status == QueueStatus.WAITING and spent == (0, 0, 0)


def test_a_token_that_was_revoked_stops_the_line(account: Account, queued: Queue) -> None:
    lead = queued()
    account.running.portal.token = "another"
    assert fails_to_deliver(account, Misconfigured).cause == "not_authorised_401"
    assert unspent(lead)


def test_a_scope_that_was_taken_away_stops_the_line_where_it_is_missed(
    account: Account, queued: Queue
) -> None:
    lead = queued()
    account.running.portal.scopes.discard("crm.objects.deals.write")
    assert fails_to_deliver(account, Misconfigured).cause == "not_authorised_403"
    assert unspent(lead)
    assert row_of(lead).hubspot_contact_id == account.running.store.contacts()[0].id


def test_a_property_that_is_missing_stops_the_line_and_fails_no_lead(account: Account, queued: Queue) -> None:
    leads = [queued(f"lead{number}@x.example") for number in range(3)]
    del account.running.portal.schemas[Kind.CONTACT].properties["ai_value_score"]
    assert fails_to_deliver(account, Misconfigured).cause == "property_doesnt_exist"
    assert all(map(unspent, leads))


def test_leads_that_do_not_need_what_the_account_lacks_go_on(account: Account, queued: Queue) -> None:
    queued("stuck@x.example")
    free = queued("free@x.example")
    Assessment.objects.filter(pk=free.pk).update(score_breakdown={"governance": 20})
    del account.running.portal.schemas[Kind.CONTACT].properties["ai_value_score"]
    fails_to_deliver(account, Misconfigured)
    assert statuses() == {"stuck@x.example": QueueStatus.WAITING, "free@x.example": QueueStatus.DONE}


def test_a_stage_that_was_removed_stops_the_line(account: Account, queued: Queue) -> None:
    lead = queued()
    del account.running.portal.pipelines["ai_consulting_pipeline"]
    assert fails_to_deliver(account, Misconfigured).cause == "invalid_option"
    assert unspent(lead)


def test_a_stopped_line_looks_again_after_a_minute(account: Account, queued: Queue) -> None:
    queued()
    account.running.portal.token, right = "another", account.running.portal.token
    fails_to_deliver(account, Misconfigured)
    account.running.portal.token = right
    assert account.deliver() == 0
    time_passes(seconds=61)
    assert account.deliver() == 1


# A worker that dies goes on where it was


class Killed(BaseException):
    """Nobody catches this: whatever the worker had in its hands stays as it is."""


def kill(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, *, call: int, before: bool) -> None:
    real, calls = getattr(owner, name), iter(range(1, 100))

    def deadly(*args: Any, **options: Any) -> Any:
        now = next(calls) == call
        if now and before:
            raise Killed
        result = real(*args, **options)
        if now:
            raise Killed
        return result

    monkeypatch.setattr(owner, name, deadly)


POINTS = [
    (name, call, before)
    for name, call in (
        ("upsert", 1),
        ("note_step", 1),
        ("upsert", 2),
        ("note_step", 2),
        ("associate", 1),
        ("delivered", 2),  # the first call settles the leads without a deal: there are none
    )
    for before in (True, False)
]


@pytest.mark.parametrize(("name", "call", "before"), POINTS)
def test_a_worker_that_dies_at_any_step_costs_one_lease_and_doubles_nothing(
    account: Account, queued: Queue, name: str, call: int, before: bool
) -> None:
    leads = [queued(f"lead{number}@x.example") for number in range(3)]
    with pytest.MonkeyPatch.context() as monkeypatch:
        owner = outcomes if hasattr(outcomes, name) else account.client
        kill(monkeypatch, owner, name, call=call, before=before)
        with pytest.raises(Killed):
            account.deliver()
    assert account.deliver() == 0
    time_passes(minutes=3)
    while account.deliver():
        pass
    assert account.totals == (3, 3, 3)
    assert {fresh(lead).hubspot_sync_status for lead in leads} == {"synced"}
    assert set(statuses().values()) == {QueueStatus.DONE}


def test_steps_that_are_written_down_are_not_done_again(account: Account, queued: Queue) -> None:
    queued()
    with pytest.MonkeyPatch.context() as monkeypatch:
        kill(monkeypatch, account.client, "associate", call=1, before=True)
        with pytest.raises(Killed):
            account.deliver()
    time_passes(minutes=3)
    account.deliver()
    assert [account.calls(step) for step in (CONTACTS, DEALS, LINKS)] == [1, 1, 1]


def test_a_change_after_a_crash_is_delivered_whole(account: Account, queued: Queue) -> None:
    """The contact that the dead worker wrote is not mistaken for the changed one."""
    lead = queued()

    def change_and_die(step: str, ids: Any) -> Any:
        Assessment.objects.filter(pk=lead.pk).update(company="Engines")
        enqueue(fresh(lead))
        real(step, ids)
        raise Killed

    real = outcomes.note_step
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(outcomes, "note_step", change_and_die)
        with pytest.raises(Killed):
            account.deliver()
    time_passes(minutes=3)
    account.deliver()
    assert account.contacts[0]["company"] == "Engines"


def test_a_deal_whose_worker_died_keeps_what_sales_did_meanwhile(account: Account, queued: Queue) -> None:
    lead = queued()
    with pytest.MonkeyPatch.context() as monkeypatch:
        kill(monkeypatch, account.client, "associate", call=1, before=True)
        with pytest.raises(Killed):
            account.deliver()
    deal = account.running.store.deals()[0]
    account.client.call("PATCH", f"/crm/v3/objects/deals/{deal.id}", {"properties": {"amount": "90000"}})
    enqueue(fresh(lead))
    time_passes(minutes=3)
    account.deliver()
    assert account.deals[0]["amount"] == "90000"


def test_a_contact_that_was_deleted_before_it_was_linked_is_made_again(
    account: Account, queued: Queue
) -> None:
    lead = queued()
    account.fails(route=LINKS, status=503, times=1)
    fails_to_deliver(account, TryAgain)
    account.client.call("DELETE", f"/crm/v3/objects/contacts/{row_of(lead).hubspot_contact_id}")
    for _ in range(2):
        time_passes(hours=2)
        account.deliver()
    assert account.totals == (1, 1, 1)
    assert row_of(lead).status == QueueStatus.DONE
