"""A worker that dies at any step goes on where it was."""

from typing import Any

import pytest

from assessments.models import Assessment
from hubspot_sync.delivery import recording
from hubspot_sync.delivery.enqueue import enqueue
from hubspot_sync.http.errors import TryAgain
from hubspot_sync.models import QueueStatus
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
        ("record_step", 1),
        ("upsert", 2),
        ("record_step", 2),
        ("associate", 1),
        ("record_delivered", 2),  # the first call settles the leads without a deal: there are none
    )
    for before in (True, False)
]


@pytest.mark.parametrize(("name", "call", "before"), POINTS)
def test_a_worker_that_dies_at_any_step_costs_one_lease_and_doubles_nothing(
    account: Account, queued: Queue, name: str, call: int, before: bool
) -> None:
    leads = [queued(f"lead{number}@x.example") for number in range(3)]
    with pytest.MonkeyPatch.context() as monkeypatch:
        owner = recording if hasattr(recording, name) else account.client
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

    real = recording.record_step
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(recording, "record_step", change_and_die)
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
