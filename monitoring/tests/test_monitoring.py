"""Timings of all processes, slow statements without values, dashboards and alerts that name real metrics."""

import json
import logging
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings as living
from django.db import DatabaseError, connection, transaction
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from assessments.models import Assessment
from audit.models import SystemLog
from backups.making import MADE
from backups.verification import VERIFIED
from hubspot_sync.tests.factories import failed_item
from mailings.models import Mail
from monitoring import statements, timings
from monitoring.findings import Finding, Level
from monitoring.timings import Timings, all_counts, quantile, recent_counts
from monitoring.tracing import span, trace_id, traceparent
from operations.doctor.performance import performance
from operations.doctor.watch import WORKERS, store_levels
from operations.models import Heartbeat
from privacy.clearing.scrub import scrub

FOLDER = Path(living.BASE_DIR) / "docs/monitoring"
TOKEN = "a token of forty characters, or even more"


@pytest.fixture(autouse=True)
def own_redis() -> None:
    timings.redis.cache_clear()


def observed(*durations: float, name: str = "request", label: str = "page,GET,2xx") -> None:
    mine = Timings()
    for seconds in durations:
        mine.observe(name, label, seconds)
    mine.flush(at_once=True)


def test_what_two_processes_observed_is_counted_together() -> None:
    observed(0.02, 0.3)
    observed(0.02)
    counts = all_counts() or Counter()
    assert counts["request|page,GET,2xx|count"] == 3
    assert counts["request|page,GET,2xx|0.025"] == 2
    assert counts["request|page,GET,2xx|sum"] == 340_000


def test_a_process_adds_only_every_few_seconds() -> None:
    now = [0.0]
    mine = Timings(clock=lambda: now[0])
    mine.observe("request", "page", 0.1)
    mine.flush()
    assert not all_counts()
    now[0] = 6.0
    mine.flush()
    assert (all_counts() or Counter())["request|page|count"] == 1


def test_without_redis_counts_wait_and_nothing_fails(settings: Settings, refused_url: str) -> None:
    there = settings.RATE_LIMIT_REDIS_URL
    settings.RATE_LIMIT_REDIS_URL = refused_url
    mine = Timings()
    mine.observe("request", "page", 0.1)
    mine.flush(at_once=True)
    assert all_counts() is None
    settings.RATE_LIMIT_REDIS_URL = there
    timings.redis.cache_clear()
    mine.flush(at_once=True)
    assert (all_counts() or Counter())["request|page|count"] == 1


@pytest.mark.parametrize(("share", "limit"), [(0.5, 0.025), (0.95, 1.0), (0.99, 10.0)])
def test_a_quantile_is_the_limit_of_its_bucket(share: float, limit: float) -> None:
    observed(*[0.02] * 90, *[0.7] * 8, 9.0, 9.0)
    assert quantile(recent_counts() or Counter(), "request", share) == limit


def findings() -> dict[str, Level]:
    return {finding.name: finding.level for finding in performance()}


def test_slow_and_failing_requests_turn_the_home_page_red() -> None:
    assert set(findings().values()) == {Level.GREEN}
    observed(*[0.7] * 40)
    assert findings()["p95 of requests"] is Level.AMBER
    observed(*[2.0] * 40, label="page,GET,5xx")
    assert findings()["p95 of requests"] is Level.RED
    assert findings()["errors of requests"] is Level.RED


def test_connections_that_fail_turn_it_red() -> None:
    observed(*[0.0] * 90, name="connect", label="ok")
    observed(*[0.0] * 3, name="connect", label="failed")
    assert findings()["connections that succeed"] is Level.AMBER
    observed(*[0.0] * 10, name="connect", label="failed")
    assert findings()["connections that succeed"] is Level.RED


# Statements


@pytest.mark.django_db
def test_a_slow_statement_leaves_a_line_without_its_values(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "SLOW_SECONDS", 0.0)
    with caplog.at_level(logging.WARNING, "monitoring.statements"), connection.cursor() as cursor:
        cursor.execute("SELECT 'ada@engines.example', 4711, %s", ["Lovelace"])
    (line,) = caplog.messages
    assert re.fullmatch(r"A statement took \d+ ms: SELECT \?, \?, %s", line)


@pytest.mark.django_db
def test_a_quick_statement_leaves_none(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert not [name for name, _, _ in caplog.record_tuples if name == "monitoring.statements"]


@pytest.mark.django_db
def test_statements_are_counted_by_kind_and_outcome() -> None:
    timings.timings.flush(at_once=True)
    before = all_counts() or Counter()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column")
    timings.timings.flush(at_once=True)
    after = all_counts() or Counter()
    assert after["query|select,failed|count"] == before["query|select,failed|count"] + 1


def test_a_long_statement_is_cut() -> None:
    assert len(statements.shape("SELECT " + "column, " * 500)) == statements.LONGEST


# Traces


def test_traces_are_off_and_cost_nothing() -> None:
    with span("anything"):
        assert (trace_id(), traceparent()) == ("", "")


def test_a_task_goes_on_with_the_trace_of_its_request(settings: Settings) -> None:
    settings.TRACES_URL = "http://127.0.0.1:9/v1/traces"
    try:
        with span("GET page"):
            request, header = trace_id(), traceparent()
        with span("task", parent=header):
            assert trace_id() == request
        assert re.fullmatch("[0-9a-f]{32}", request)
    finally:
        from monitoring.tracing import tracer

        tracer(os.getpid()).span_processor.shutdown()
        tracer.cache_clear()


# Dashboards and alerts


def expressions() -> list[str]:
    rules = yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"][0]["rules"]
    boards = [json.loads(path.read_text()) for path in FOLDER.glob("dashboard-*.json")]
    shown = [target["expr"] for board in boards for panel in board["panels"] for target in panel["targets"]]
    return [*shown, *(rule["expr"] for rule in rules)]


@pytest.fixture
def scraped(client: Client, settings: Settings, hot_lead: Assessment) -> set[str]:
    """The names of a real scrape, of a product in which everything has happened once."""
    settings.METRICS_TOKEN = TOKEN
    failed_item(hot_lead)
    Mail.objects.create(kind="result", assessment=hot_lead, status="failed", failure_cause="smtp_550")
    Heartbeat.objects.record(WORKERS)
    SystemLog.objects.record(MADE, "")
    SystemLog.objects.record(VERIFIED, "", result={"good": True, "checks": []})
    store_levels([Finding("Certificates", "form", Level.GREEN, "")])
    scrub()
    for name, label in (("task", "a.b,success"), ("hubspot_call", "POST,2xx"), ("query", "select,ok")):
        observed(0.1, name=name, label=label)
    observed(0.1)
    client.get("/")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    families = text_string_to_metric_families(answer.content.decode())
    return {sample.name for family in families for sample in family.samples}


@pytest.mark.django_db
def test_every_metric_of_dashboards_and_alerts_is_in_a_scrape(scraped: set[str]) -> None:
    named = {name for each in expressions() for name in re.findall(r"\bassessment_\w+", each)}
    beat_has_not_run_here = {"assessment_beat_tick_age_seconds"}
    assert named - scraped - beat_has_not_run_here == set()
    assert len(named) > 20


def test_each_alert_says_what_to_do() -> None:
    rules: list[Any] = yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"][0]["rules"]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["fix"]


def test_the_four_dashboards_are_there() -> None:
    boards = {path.stem.removeprefix("dashboard-") for path in FOLDER.glob("dashboard-*.json")}
    assert boards == {"database-health", "query-performance", "business-impact", "operations"}
