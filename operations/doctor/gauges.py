"""What PostgreSQL tells of itself, in one statement with a short timeout."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

STATEMENT_SECONDS = 3

USED_CONNECTIONS = """
SELECT 100.0 * count(*) / (
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
) FROM pg_stat_activity WHERE backend_type = 'client backend'
"""
LONGEST_TRANSACTION = """
SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND datname = current_database()
"""
MOST_DEAD = """
SELECT json_build_array(100.0 * n_dead_tup / (n_live_tup + n_dead_tup), relname) FROM pg_stat_user_tables
WHERE n_dead_tup > 10000 ORDER BY 1.0 * n_dead_tup / (n_live_tup + n_dead_tup) DESC LIMIT 1
"""
AGE = "SELECT 100.0 * max(age(datfrozenxid)) / 2147483648 FROM pg_database"
GAUGES = (
    USED_CONNECTIONS,
    LONGEST_TRANSACTION,
    MOST_DEAD,
    AGE,
    "SELECT pg_is_in_recovery()",
    "SELECT count(*) FROM pg_stat_replication",
    "SELECT coalesce(max(extract(epoch FROM replay_lag)), 0) FROM pg_stat_replication",
    "SELECT count(*) FROM pg_replication_slots WHERE NOT active",
    "SELECT pg_database_size(current_database())",
    "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_stat_statements')",
)


@dataclass(frozen=True, slots=True)
class Gauges:
    """Each by a statement of GAUGES."""

    connections: Decimal  # percent
    transaction: Decimal  # seconds, the longest
    dead: list[Any] | None  # [percent, table] of the one with most dead rows
    age: Decimal  # percent of all transaction numbers, of the oldest row
    recovers: bool
    replicas: int
    lag: Decimal  # seconds
    idle_slots: int
    size: int  # bytes
    has_statistics: bool


def gauges(database: BaseDatabaseWrapper) -> Gauges:
    return Gauges(*row(database, f"SELECT {', '.join(f'({sql})' for sql in GAUGES)}"))


def row(database: BaseDatabaseWrapper, sql: str) -> Any:
    """The first row of a statement that may take STATEMENT_SECONDS; None if there is none."""
    begin, end = (
        ("SAVEPOINT health", "ROLLBACK TO SAVEPOINT health")
        if database.in_atomic_block
        else ("BEGIN", "ROLLBACK")
    )
    with database.cursor() as cursor:
        cursor.execute(f"{begin}; SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'")
        try:
            cursor.execute(sql)
            return cursor.fetchone()
        finally:
            cursor.execute(end)
