"""What Prometheus reads."""

from datetime import timedelta
from typing import Any

import pytest
from constance import config
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from assessments.models import Assessment, SuppressedAddress
from assessments.tests.factories import ADA
from hubspot_sync.http.availability import read_only_clients
from hubspot_sync.models import HubSpotErasure, SyncQueueItem
from hubspot_sync.tests.factories import failed_item
from mailings.models import Mail
from privacy.clearing.scrub import scrub

pytestmark = pytest.mark.django_db

TOKEN = "a token of forty characters, or even more"


@pytest.fixture
def token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    read_only_clients.cache_clear()  # it keeps the Redis of whoever looked first


def scrape(client: Client) -> Any:
    return client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})


def figures(client: Client) -> dict[tuple[str, str], float]:
    """{(name, label): value}"""
    families = text_string_to_metric_families(scrape(client).content.decode())
    return {
        (sample.name.removeprefix("assessment_"), "".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_without_a_token_in_the_settings_there_is_no_such_page(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer ÿ"])
def test_nobody_without_the_token_reads_it(client: Client, given: str) -> None:
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 401


@pytest.mark.usefixtures("token")
def test_every_queue_is_counted(client: Client, hot_lead: Assessment, cold_lead: Assessment) -> None:
    failed_item(hot_lead, cause="invalid_email")
    due = timezone.now() - timedelta(hours=1)
    SyncQueueItem.objects.create(assessment=cold_lead, sync_type="contact", next_retry_at=due)
    Mail.objects.create(kind="result", assessment=hot_lead, status="failed", failure_cause="smtp_550")
    Mail.objects.create(kind="result", assessment=hot_lead, status="sent")
    line = SuppressedAddress.objects.suppress("a@x.example")
    HubSpotErasure.objects.create(erasure=line, address="a@x.example")
    Assessment.objects.filter(pk=hot_lead.pk).update(created_at=timezone.now() - timedelta(days=25))
    found = figures(client)
    expected = {
        ("leads", "failed"): 1,
        ("leads", "waiting"): 1,
        ("leads", "leased"): 0,
        ("leads_failed", "invalid_email"): 1,
        ("mails", "sent"): 1,
        ("mails_failed", "smtp_550"): 1,
        ("erasures", "waiting"): 1,
        ("unconfirmed_leads", ""): 1,
        ("hubspot_circuit_open", ""): 0,
    }
    assert {name: found[name] for name in expected} == expected
    assert found["oldest_due_seconds", ""] == pytest.approx(3600, abs=600)


@pytest.mark.usefixtures("token")
def test_the_last_scrub_is_told(client: Client, hot_lead: Assessment) -> None:
    assert ("scrub_rows", "") not in figures(client)
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=31))
    scrub()
    found = figures(client)
    assert found["scrub_rows", ""] > 0
    assert found["scrub_complete", ""] == 1
    assert 0 <= found["scrub_age_seconds", ""] < 600


@pytest.mark.usefixtures("token")
def test_without_redis_the_circuit_is_left_out(client: Client, settings: Settings) -> None:
    settings.RATE_LIMIT_REDIS_URL = "redis://127.0.0.1:1/0"
    read_only_clients.cache_clear()
    assert ("hubspot_circuit_open", "") not in figures(client)
    read_only_clients.cache_clear()


@pytest.mark.usefixtures("token")
def test_it_costs_sixteen_statements_and_names_nobody(
    client: Client, hot_lead: Assessment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    failed_item(hot_lead)
    assert config.EMAIL_RETENTION_DAYS  # a snapshot that holds for five seconds from here on
    with django_assert_num_queries(16):
        text = scrape(client).content.decode()
    assert not [value for value in ADA.values() if value in text]
