"""The scheduled examination: heartbeat, findings of slow checks, and the daily size of the database."""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from audit.models import SystemLog
from monitoring.findings import Finding, Level
from operations.doctor.examination import health_checks, run_checks
from operations.models import Heartbeat
from queues.alarms import first_within

WORKERS = "workers"
STORED = "doctor:external"
LEVELS = "doctor:levels"
EVERY = timedelta(minutes=5)  # other servers are asked less often than our own
SIZE = "database_size"


def watch() -> None:
    """One run of the scheduled job."""
    Heartbeat.objects.record(WORKERS)
    record_size()
    found = stored_findings()
    if found is None or timezone.now() - found[0] >= EVERY:
        external = run_checks(health_checks(external=True))
        store_findings(external)
        store_levels([*external, *run_checks(health_checks(external=False))])


def record_size() -> None:
    """Once a day: the size of the database, from which its growth is computed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    first_within(timedelta(days=1), SIZE, "The size of the database in bytes", cause="", bytes=size)


def growth_per_day() -> float | None:
    """Bytes a day over the last month at most; None until two days are known."""
    rows = SystemLog.objects.filter(event_type=SIZE).values_list("created_at", "data")[:30]
    known = [(at, data["bytes"]) for at, data in rows]
    if len(known) < 2:
        return None
    (last_at, last), (first_at, first) = known[0], known[-1]
    return float(last - first) / max(1.0, (last_at - first_at).total_seconds() / 86400)


def store_findings(findings: list[Finding]) -> None:
    stored: dict[str, Any] = {
        "at": timezone.now().isoformat(),
        "findings": [finding.as_json() for finding in findings],
    }
    cache.set(STORED, stored, timeout=3600)


def store_levels(findings: list[Finding]) -> None:
    """Store how much of each area is green, amber and red, for the metrics."""
    counted: dict[str, dict[str, int]] = {}
    for finding in findings:
        levels = counted.setdefault(finding.area, dict.fromkeys(Level, 0))
        levels[finding.level.value] += 1
    cache.set(LEVELS, counted, timeout=3600)


def stored_levels() -> dict[str, dict[str, int]]:
    """{area: {level: findings}} of the last examination; {} if there is none, or no Redis."""
    return cache.get(LEVELS) or {}


def stored_findings() -> tuple[datetime, list[Finding]] | None:
    """(time, findings) of the last examination of other servers; None if there is none, or no Redis."""
    stored = cache.get(STORED)
    if not stored:
        return None
    findings = [Finding(**each | {"level": Level(each["level"])}) for each in stored["findings"]]
    return datetime.fromisoformat(stored["at"]), findings
