"""`script/manage doctor` and the health panel: each part alone, with threshold, reason and fix."""

import json
import socket
from datetime import timedelta
from typing import Any

import pytest
from constance import config
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from pytest_django import Settings

from assessments.models import Assessment
from hubspot_sync.models import SyncQueueItem
from hubspot_sync.tests.factories import failed_item
from monitoring.findings import Finding, HealthCheck, Level, Threshold
from operations import health
from operations.doctor import gauges, postgresql, processes, reachable, watch
from operations.doctor.examination import run_checks
from operations.doctor.home_panel import own_findings
from operations.doctor.metrics import doctor_metrics
from operations.models import Heartbeat

pytestmark = pytest.mark.django_db


def report(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    """(exit code, the JSON report) of the command."""
    code = 0
    try:
        call_command("doctor", "--json", *options)
    except SystemExit as end:
        code = int(end.code or 0)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, found


def named(findings: list[Finding], name: str) -> Finding:
    return next(finding for finding in findings if finding.name == name)


@pytest.fixture
def no_dead_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests wrote and rolled back is no bloat of the product's."""
    none = gauges.MOST_DEAD.replace("WHERE", "WHERE false AND")
    without = [none if sql == gauges.MOST_DEAD else sql for sql in gauges.GAUGES]
    monkeypatch.setattr(gauges, "GAUGES", without)


@pytest.mark.parametrize(
    ("threshold", "value", "level"),
    [
        (Threshold(80, 90, "%"), 80, "green"),
        (Threshold(80, 90, "%"), 80.1, "amber"),
        (Threshold(80, 90, "%"), 90.1, "red"),
        (Threshold(98, 95, "%"), 98, "green"),
        (Threshold(98, 95, "%"), 97.9, "amber"),
        (Threshold(98, 95, "%"), 94.9, "red"),
    ],
)
def test_a_threshold_judges(threshold: Threshold, value: float, level: str) -> None:
    assert threshold.level(value).value == level


def test_every_part_is_examined(capsys: pytest.CaptureFixture[str]) -> None:
    _, found = report(capsys, "--local")
    areas = {check["area"] for check in found["checks"]}
    assert areas >= {"PostgreSQL", "Redis", "Workers", "Queues", "Beat", "Storage", "Settings", "HubSpot"}
    names = {check["name"] for check in found["checks"] if check["area"] == "PostgreSQL"}
    assert names >= {
        *("latency", "version", "migrations", "connections used", "longest transaction", "replication lag"),
        *("bloat", "disk", "wraparound", "slowest statement", "clock"),
    }


def test_what_is_not_green_says_why_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    _, found = report(capsys)
    bad = [check for check in found["checks"] if check["level"] != "green"]
    assert bad
    assert [check for check in bad if not (check["reason"] and check["fix"])] == []


@pytest.mark.usefixtures("no_dead_rows")
def test_nothing_red_gives_status_0_and_strict_counts_amber(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = report(capsys, "--local")
    assert [check for check in found["checks"] if check["level"] == "red"] == []
    assert (code, found["status"]) == (0, "amber")
    assert report(capsys, "--local", "--strict")[0] == 1


def test_red_gives_status_1(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    code, found = report(capsys, "--local")
    assert (code, found["status"]) == (1, "red")


@pytest.mark.usefixtures("no_dead_rows")
def test_in_words_each_line_begins_with_its_level(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("doctor", "--local", "--no-color")
    lines = capsys.readouterr().out.splitlines()
    assert "green  PostgreSQL, migrations: all applied" in lines


def test_it_tells_no_secret_and_names_nobody(
    capsys: pytest.CaptureFixture[str], hot_lead: Assessment, settings: Settings
) -> None:
    settings.HUBSPOT_TOKEN = "pat-very-secret-token"
    settings.DEVELOPMENT = False
    settings.REDIS_URL = "redis://:very-secret-word@127.0.0.1:1/0"
    failed_item(hot_lead)
    report_text = json.dumps(report(capsys, "--local")[1])
    for secret in ("very-secret", settings.SECRET_KEY, "Lovelace", hot_lead.email or "-"):
        assert secret not in report_text


def test_a_check_that_breaks_hides_no_other() -> None:
    broken = HealthCheck("Broken", "operations.tests.test_doctor.broken")
    found = run_checks([broken, HealthCheck("Beat", "operations.doctor.processes.beat")])
    assert (found[0].area, found[0].level, found[0].value) == ("Broken", Level.RED, "ZeroDivisionError")
    assert found[-1].area == "Beat"


def broken() -> Any:
    return 1 / 0


def test_without_postgresql_only_postgresql_is_red(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = connection.copy()
    elsewhere.settings_dict |= {"HOST": "127.0.0.1", "PORT": "1", "OPTIONS": {}}
    monkeypatch.setattr(postgresql, "connections", {"default": elsewhere})
    (found,) = postgresql.postgresql()
    assert (found.name, found.level) == ("connection", Level.RED)


def test_a_missing_migration_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "files_of_migrations", lambda: {("leads", "0999_of_tomorrow")})
    found = postgresql.migrations_finding(connection)
    assert (found.level, "leads 0999_of_tomorrow" in found.reason) == (Level.RED, True)


def test_a_long_transaction_is_seen(transactional_db: None) -> None:
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT 1")
        seconds = float(gauges.row(connection, gauges.LONGEST_TRANSACTION)[0])
    other.rollback()
    other.close()
    assert seconds > 0


def test_the_home_page_asks_postgresql_over_its_own_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one costs a page more than all that is asked."""
    monkeypatch.setattr(postgresql, "quick_connection", broken)
    found = {each.name for each in own_findings() if each.area == postgresql.AREA}
    assert {"latency", "version", "clock"} <= found


def test_workers_have_a_heartbeat() -> None:
    assert next(processes.workers()).level is Level.AMBER
    Heartbeat.objects.record(watch.WORKERS)
    assert next(processes.workers()).level is Level.GREEN
    for seconds, level in ((200, Level.AMBER), (700, Level.RED)):
        Heartbeat.objects.update(beat_at=Now() - timedelta(seconds=seconds))
        assert next(processes.workers()).level is level


def test_a_heartbeat_is_one_row() -> None:
    Heartbeat.objects.record(watch.WORKERS)
    Heartbeat.objects.update(beat_at=Now() - timedelta(days=1))
    Heartbeat.objects.record(watch.WORKERS)
    assert Heartbeat.objects.get().beat_at > timezone.now() - timedelta(minutes=5)


def test_a_lead_that_waits_for_two_hours_turns_its_queue_red(hot_lead: Assessment) -> None:
    due = Now() - timedelta(hours=2)
    SyncQueueItem.objects.create(assessment=hot_lead, sync_type="contact", next_retry_at=due)
    assert named(list(processes.queue_lags()), "leads: oldest due row").level is Level.RED


def test_rows_that_need_a_person_turn_it_amber(hot_lead: Assessment) -> None:
    failed_item(hot_lead)
    assert named(list(processes.queue_lags()), "leads: need a person").level is Level.AMBER


def test_beat_that_stands_still_is_red() -> None:
    PeriodicTask.objects.update(last_run_at=timezone.now() - timedelta(minutes=11))
    assert named(list(processes.beat()), "last tick").level is Level.RED


def test_a_job_that_is_switched_off_is_named() -> None:
    PeriodicTask.objects.filter(task="privacy.tasks.scrub").update(enabled=False)
    found = named(list(processes.beat()), "jobs switched off")
    assert (found.level, found.value) == (Level.AMBER, "privacy: scrub what is past its retention")


def test_a_mail_server_that_is_away_is_red(settings: Settings) -> None:
    settings.MAIL_IS_SET_UP = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert reachable.mail_server().level is Level.RED


def test_a_host_that_speaks_no_tls_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        port = server.getsockname()[1]
    assert reachable.certificate_of("127.0.0.1", port).level is Level.AMBER


def test_a_setting_that_looks_wrong_is_named() -> None:
    config.MAINTENANCE = True
    found = run_checks([HealthCheck("Settings", "operations.doctor.installation.run_time_settings")])
    assert [each.name for each in found] == ["MAINTENANCE"]


def test_the_scheduled_examination_keeps_what_it_found() -> None:
    watch.watch()
    stored = watch.stored_examination()
    assert stored
    assert {finding.area for finding in stored.findings} >= {"Mail", "Certificates"}
    assert watch.growth_per_day() is None


@pytest.mark.usefixtures("no_dead_rows")
def test_the_scheduled_examination_counts_what_it_found_for_the_metrics() -> None:
    watch.watch()
    counted = {
        (sample.labels["area"], sample.labels["level"]): sample.value
        for family in doctor_metrics()
        for sample in family.samples
    }
    assert counted["Certificates", "green"] == 1
    assert counted["PostgreSQL", "red"] == 0


def test_operators_see_what_is_not_green(operator: Client) -> None:
    watch.watch()
    PeriodicTask.objects.update(last_run_at=timezone.now() - timedelta(minutes=11))
    page = operator.get("/admin/").content.decode()
    assert "Health: red" in page
    assert "Beat stands still: retries, scrub and clean-up wait." in page


def test_the_home_page_says_when_nobody_looked(operator: Client) -> None:
    cache.delete(watch.STORED)
    page = operator.get("/admin/").content.decode()
    assert "HubSpot, mail and certificates were not looked at lately." in page


def test_sales_see_no_health(sales: Client) -> None:
    assert "Health:" not in sales.get("/admin/").content.decode()


# Ready


def test_a_process_is_ready_when_the_database_is_migrated(client: Client) -> None:
    assert client.get("/api/health/ready").json() == {
        "status": "ready",
        "checks": {"database": "ok", "migrations": "ok"},
    }


def test_a_missing_migration_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    health.known.clear()
    monkeypatch.setattr(health, "missing_migrations", lambda connection: [("leads", "0999")])
    response = client.get("/api/health/ready")
    assert (response.status_code, response.json()["checks"]["migrations"]) == (503, "missing")


def test_without_the_database_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_connects", lambda: False)
    response = client.get("/api/health/ready")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
