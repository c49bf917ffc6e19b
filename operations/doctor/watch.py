"""The scheduled examination: heartbeat, what is slow to find out, and the daily size of the database."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from audit.models import SystemLog
from monitoring.findings import Finding, Level
from operations.doctor.examination import health_checks, run_checks
from operations.doctor.table_sizes import TableSize, largest_tables
from operations.models import Heartbeat
from queues.alarms import first_within

WORKERS = "workers"
STORED = "doctor:examination"
LEVELS = "doctor:levels"
EVERY = timedelta(minutes=5)  # other servers are asked less often than our own
SIZE = "database_size"


@dataclass(frozen=True, slots=True)
class Examination:
    """What the first page of operators takes from the scheduled examination: a page would wait for it."""

    at: datetime
    findings: list[Finding]  # of other servers
    tables: list[TableSize]  # the largest


def watch() -> None:
    """One run of the scheduled job."""
    Heartbeat.objects.record(WORKERS)
    record_size()
    last = stored_examination()
    if last is None or timezone.now() - last.at >= EVERY:
        external = run_checks(health_checks(external=True))
        store_examination(Examination(timezone.now(), external, largest_tables()))
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


def store_examination(found: Examination) -> None:
    stored: dict[str, Any] = {
        "at": found.at.isoformat(),
        "findings": [finding.as_json() for finding in found.findings],
        "tables": [asdict(size) for size in found.tables],
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


def stored_examination() -> Examination | None:
    """The last one; None if there is none, or no Redis."""
    stored = cache.get(STORED)
    if not stored:
        return None
    return Examination(
        datetime.fromisoformat(stored["at"]),
        [Finding(**each | {"level": Level(each["level"])}) for each in stored["findings"]],
        [TableSize(**each) for each in stored["tables"]],
    )
