"""An outage is nobody's fault: it costs no attempt and loses no step."""

import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from hubspot_sync.delivery.enqueue import resend
from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.http.errors import Misconfigured, TryAgain
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
    time_passes,
)

pytestmark = pytest.mark.django_db


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


OUTAGES = [(CONTACTS, status) for status in (408, 423, 477, 500, 502, 503, 504, 524)]


@pytest.mark.parametrize(("route", "status"), [*OUTAGES, (DEALS, 503), (LINKS, 503)])
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
    for _ in range(2):
        fails_to_deliver(account, TryAgain)
        assert row_of(lead).status == QueueStatus.WAITING
        time_passes(hours=1)


@pytest.fixture
def alarm(account: Account) -> Iterator[None]:
    """Celery's soft time limit, as it comes to a worker while a call hangs: an exception out of a signal."""

    def ring(*_: object) -> None:
        if any(plan.struck for plan in account.running.portal.faults.planned):
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise SoftTimeLimitExceeded

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.3, 0.3)
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
