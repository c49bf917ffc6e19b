"""Prometheus gauges of PostgreSQL, workers and beat (two statements), and of what the doctor found."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from prometheus_client.core import GaugeMetricFamily

from operations.doctor.watch import stored_levels
from operations.doctor.writing import database_answers
from web.databases.replica import REPLICA, replica_age
from web.metrics import gauge

STATE = Path(__file__).with_name("state.sql").read_text()
GAUGES = (
    ("database_connections_used_percent", "Connections in use, of those that PostgreSQL allows"),
    ("database_longest_transaction_seconds", "How long the oldest transaction is open"),
    ("database_size_bytes", "The size of the database"),
    ("database_dead_rows_percent", "The share of dead rows of the worst table"),
    ("database_wraparound_percent", "The age of the oldest row, of what PostgreSQL can number"),
    ("database_replication_lag_seconds", "How far the slowest replica is behind"),
    ("workers_heartbeat_age_seconds", "How long ago a worker last ran a scheduled task"),
    ("beat_tick_age_seconds", "How long ago beat last sent a task"),
    ("login_failures_recent", "Failed log-ins of staff in the last five minutes"),
)


def state_metrics() -> Iterator[GaugeMetricFamily]:
    """Those that are not known yet are left out."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        values = cursor.fetchone()
    for (name, words), value in zip(GAUGES, values, strict=True):
        if value is not None:
            yield gauge(name, words, max(0.0, float(value)))
    if (age := known_replica_age()) is not None:
        yield gauge("database_replica_age_seconds", "How old the data of the read replica is", age)
    yield gauge("database_writable", "Whether PostgreSQL can write a file: 1 or 0", database_answers())


def known_replica_age() -> float | None:
    """None without a replica, and while it does not answer."""
    try:
        return replica_age() if REPLICA in settings.DATABASES else None
    except DatabaseError:
        return None


def doctor_metrics() -> Iterator[GaugeMetricFamily]:
    """What the last scheduled examination found; nothing before the first."""
    family = GaugeMetricFamily(
        "assessment_doctor_findings", "What the doctor found, by area and level", labels=["area", "level"]
    )
    for area, levels in stored_levels().items():
        for level, findings in levels.items():
            family.add_metric([area, level], findings)
    yield family
