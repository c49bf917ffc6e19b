import logging
from datetime import timedelta
from typing import Any

import pytest
from constance.test import override_config
from django.conf import settings as product
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from pytest_django.fixtures import Settings

from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.models import QueueStatus, SyncQueueItem
from hubspot_sync.tasks import deliver_due
from hubspot_sync.tests.conftest import CONTACTS, Account, Queue

pytestmark = pytest.mark.django_db


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What the product would have written."""
    product_logging: Any = product.LOGGING
    formatter = import_string(product_logging["formatters"]["json"]["()"])()
    return "\n".join(map(formatter.format, caplog.records))


def test_a_ring_delivers_all_that_is_due(account: Account, queued: Queue) -> None:
    for number in range(102):
        queued(f"lead{number}@x.example")
    deliver_due()
    assert len(account.contacts) == 102


def test_with_the_sync_switched_off_leads_wait(account: Account, queued: Queue) -> None:
    queued()
    with override_config(HUBSPOT_SYNC_ENABLED=False):
        deliver_due()
    assert account.totals == (0, 0, 0)
    assert SyncQueueItem.objects.get().claims == 0
    deliver_due()
    assert account.totals == (1, 1, 1)


def test_without_a_token_leads_wait(account: Account, queued: Queue, settings: Settings) -> None:
    queued()
    settings.HUBSPOT_TOKEN = ""
    deliver_due()
    assert SyncQueueItem.objects.get().status == QueueStatus.WAITING
    assert not account.running.portal.calls.kept


def test_a_ring_ends_at_the_first_sign_of_an_outage(
    account: Account, queued: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(102):
        queued(f"lead{number}@x.example")
    account.fails(route=CONTACTS, status=503)
    deliver_due()
    assert account.calls(CONTACTS) == 1
    assert "HubSpot cannot answer (http_503" in caplog.text


def test_a_wrong_token_is_one_line_for_the_operator(
    account: Account, queued: Queue, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    queued()
    settings.HUBSPOT_TOKEN = "pat-na1-wrong"
    deliver_due()
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "not_authorised_401" in record.getMessage()
    assert "wrong" not in logged(caplog)


def test_a_ring_takes_rows_out_that_kill_their_workers(account: Account, queued: Queue) -> None:
    queued()
    SyncQueueItem.objects.claim(1)
    SyncQueueItem.objects.update(claims=5, next_retry_at=Now() - timedelta(hours=1))
    deliver_due()
    assert SyncQueueItem.objects.get().failure_cause == "worker_died"


def test_a_bug_never_puts_what_it_says_into_the_logs(
    account: Account, queued: Queue, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued()

    def broken(*args: Any) -> None:
        raise KeyError("ada@engines.example")

    monkeypatch.setattr(HubSpotClient, "upsert", broken)
    result = deliver_due.apply()
    assert result.failed()
    assert "KeyError" in logged(caplog)
    assert "ada@" not in logged(caplog)


def test_no_address_is_logged_whatever_happens(
    account: Account, queued: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    queued("nobody@nowhere")
    queued("ada@engines.example")
    deliver_due()
    assert "needs a person" in caplog.text
    assert "nobody@nowhere" not in logged(caplog)
    assert "ada@engines" not in logged(caplog)
