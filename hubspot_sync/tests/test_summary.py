"""The strip above the queue: how delivery stands, and sending all of one cause again."""

import re
import socket
import time
from datetime import timedelta
from typing import Any

import pytest
from constance.test import override_config
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from redis import Redis

from accounts.models import User
from assessments.models import Assessment
from hubspot_sync.http.availability import read_only_clients
from hubspot_sync.http.breaker import breaker
from hubspot_sync.http.errors import NotAuthorised
from hubspot_sync.models import DifferenceKind, QueueStatus, SyncQueueItem
from hubspot_sync.tests.conftest import Queue, row_of, time_passes
from hubspot_sync.tests.factories import compared_run, failed_item
from queues import admin
from web.redis import REQUEST_SECONDS

pytestmark = pytest.mark.django_db

QUEUE = "/admin/hubspot_sync/syncqueueitem/"
SEND_AGAIN = f"{QUEUE}send-again/"


@pytest.fixture(autouse=True)
def token(settings: Settings) -> None:
    settings.HUBSPOT_TOKEN = "pat-na1-standing"


def strip(client: Client) -> str:
    """The words of the strip."""
    page = client.get(QUEUE).content.decode()
    part = re.search(r'<(p|section) class="bo-card bo-standing.*?</\1>\s*<p class="bo-note"', page, re.DOTALL)
    assert part
    return " ".join(re.sub(r"<[^>]+>|<p class.*$", " ", part[0]).split())


def send_again(client: Client, cause: str) -> Any:
    return client.post(SEND_AGAIN, {"cause": cause})


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# What it says


def test_when_all_is_well_it_is_one_calm_line(sales: Client, queued: Queue) -> None:
    queued()
    compared_run(finished_at=timezone.now() - timedelta(hours=5))
    assert strip(sales) == (
        "All is well 1 lead is on the way. Calls to HubSpot go through. "
        "Compared with HubSpot 5 hours ago: 412 leads here, 412 there, 0 differ."
    )


def test_it_counts_by_state_and_cause(sales: Client, hot_lead: Assessment, cold_lead: Assessment) -> None:
    failed_item(hot_lead)
    SyncQueueItem.objects.create(assessment=cold_lead, sync_type="contact", last_error="http_503")
    time_passes(hours=3)
    words = strip(sales)
    assert (
        "1 Needs a person: HubSpot does not accept the e-mail address. The oldest came 3 hours ago." in words
    )
    assert "1 Waiting: HubSpot had an error of its own (503)." in words
    assert "The oldest due lead has been due for 3 hours." in words


def test_an_open_circuit_says_since_when_why_and_what_is_missing(sales: Client) -> None:
    breaker().failed(NotAuthorised("not_authorised_403 crm.objects.deals.write"))
    words = strip(sales)
    assert "Calls to HubSpot were stopped just now: Our token may not write there." in words
    assert "Missing: crm.objects.deals.write." in words


def test_a_closed_limit_says_for_how_long(sales: Client, settings: Settings) -> None:
    with Redis.from_url(settings.RATE_LIMIT_REDIS_URL) as redis:
        redis.hset("{hubspot}:day", "until", int((time.time() + 270) * 1_000_000))
    assert "no calls for another 4 min" in strip(sales)


@pytest.mark.parametrize("frozen", [False, True])
def test_without_redis_the_page_comes_soon_and_says_so(
    sales: Client, settings: Settings, frozen: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.RATE_LIMIT_REDIS_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        read_only_clients.cache_clear()
        if not frozen:
            server.close()
        started = time.monotonic()
        assert "Redis does not answer: state unknown" in strip(sales)
        assert time.monotonic() - started < 2 + REQUEST_SECONDS
        assert "Redis does not answer: state unknown" in strip(sales)  # at rest, nobody asks again


def test_a_comparison_that_left_something_links_to_it_for_operators(sales: Client, operator: Client) -> None:
    run = compared_run(DifferenceKind.CONTACT_UNKNOWN)
    link = f"/admin/hubspot_sync/reconciliation/{run.pk}/change/"
    assert "1 for a person to decide" in strip(sales)
    assert link in operator.get(QUEUE).content.decode()
    assert link not in sales.get(QUEUE).content.decode()


@pytest.mark.parametrize("name", ["HUBSPOT_TOKEN", "HUBSPOT_SYNC_ENABLED"])
def test_it_says_when_nothing_is_sent_on_purpose(sales: Client, settings: Settings, name: str) -> None:
    settings.HUBSPOT_TOKEN = ""
    with override_config(HUBSPOT_SYNC_ENABLED=name == "HUBSPOT_TOKEN"):
        assert f"{name}" in strip(sales)


# Sending all of a cause again


def test_all_of_a_cause_are_sent_again_and_no_others(
    operator: Client, queued: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin, "CHUNK", 2)
    ours = [fail(queued(f"{number}@example.com"), "invalid_email") for number in range(5)]
    other = fail(queued("other@example.com"), "conflict")
    response = send_again(operator, "invalid_email")
    assert (response.status_code, response.url) == (302, QUEUE)
    assert said(response) == ["5 leads will be sent again now."]
    assert {row_of(lead).status for lead in ours} == {QueueStatus.WAITING}
    assert row_of(other).status == QueueStatus.FAILED
    assert LogEntry.objects.filter(change_message="Sent again.").count() == 5


def fail(lead: Assessment, cause: str) -> Assessment:
    SyncQueueItem.objects.filter(assessment=lead).update(
        status="failed", failure_cause=cause, last_error=cause
    )
    return lead


def test_scrubbed_leads_are_told_and_left(operator: Client, erased_lead: Assessment) -> None:
    failed_item(erased_lead)
    assert said(send_again(operator, "invalid_email")) == [
        "1 lead could not be sent again: the personal data was scrubbed."
    ]


def test_a_cause_that_nobody_failed_of_is_told(operator: Client) -> None:
    assert said(send_again(operator, "invalid_email")) == ["None of these needs a person any more."]


def test_what_does_not_fit_into_one_request_is_told(
    operator: Client, hot_lead: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin, "SECONDS", -1.0)
    failed_item(hot_lead)
    assert said(send_again(operator, "invalid_email")) == [
        "More failed with this cause: send again once more."
    ]


def test_operators_have_a_button_for_each_failed_cause_and_sales_have_none(
    operator: Client, sales: Client, hot_lead: Assessment, cold_lead: Assessment
) -> None:
    failed_item(hot_lead)
    failed_item(cold_lead, "conflict")
    assert operator.get(QUEUE).content.decode().count(f'action="{SEND_AGAIN}"') == 2
    assert SEND_AGAIN not in sales.get(QUEUE).content.decode()


def test_a_forged_request_is_refused(sales: Client, hot_lead: Assessment) -> None:
    failed_item(hot_lead)
    assert send_again(sales, "invalid_email").status_code == 403
    assert row_of(hot_lead).status == QueueStatus.FAILED


def test_a_link_sends_nothing(operator: Client, hot_lead: Assessment) -> None:
    failed_item(hot_lead)
    assert operator.get(SEND_AGAIN).status_code == 405


def test_another_site_sends_nothing(strict_client: Client, hot_lead: Assessment) -> None:
    failed_item(hot_lead)
    admin = User.objects.create_superuser("admin@example.com")
    strict_client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    assert send_again(strict_client, "invalid_email").status_code == 403


def test_no_other_lead_is_overdue_beside_one_that_needs_a_person(
    operator: Client, hot_lead: Assessment
) -> None:
    failed_item(hot_lead)
    page = operator.get(QUEUE).content.decode()
    assert "No other lead is overdue." in page
    assert "No lead is overdue." not in page


def test_a_lead_that_waits_for_a_later_try_is_not_told_as_nothing_overdue(
    operator: Client, hot_lead: Assessment, cold_lead: Assessment
) -> None:
    failed_item(cold_lead)
    SyncQueueItem.objects.create(
        assessment=hot_lead,
        sync_type="contact",
        created_at=timezone.now() - timedelta(days=2, minutes=1),
        next_retry_at=timezone.now() + timedelta(hours=1),
    )
    page = operator.get(QUEUE).content.decode()
    assert "The oldest waiting lead came 2 days ago; its next try is not due yet." in page
    assert "lead is overdue" not in page
