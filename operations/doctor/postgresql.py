"""Health of PostgreSQL, with short timeouts: over a connection of its own, or that of a page."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from monitoring.findings import Finding, Level, Threshold, measured, stated
from operations.doctor.gauges import Gauges, gauges, row
from operations.doctor.watch import growth_per_day
from web.databases.replica import REPLICA, replica_age

AREA = "PostgreSQL"
CONNECT_SECONDS = 3
LEAST_VERSION = 15

LATENCY = Threshold(500, 1000, "ms")
CONNECTIONS = Threshold(80, 90, "%")
TRANSACTION = Threshold(60, 600, "s")
REPLICATION = Threshold(10, 60, "s")
DEAD_ROWS = Threshold(20, 40, "%")
DISK = Threshold(80, 90, "%")
DISK_DAYS = Threshold(30, 7, "days")
WRAPAROUND = Threshold(25, 50, "%")
STATEMENT = Threshold(500, 1000, "ms")
CLOCK = Threshold(2, 30, "s")

SLOWEST = """
SELECT regexp_replace(left(query, 80), '\\s+', ' ', 'g'), mean_exec_time FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND calls >= 10 AND query ~* '^\\s*(select|insert|update|delete|with)\\M'
ORDER BY mean_exec_time DESC LIMIT 1
"""


def postgresql() -> Iterator[Finding]:
    """Whether it answers, and then everything that it tells of itself."""
    try:
        with quick_connection() as database:
            database.ensure_connection()
            yield from findings(database)
    except DatabaseError as error:
        yield no_answer(error)


def postgresql_of_page() -> Iterator[Finding]:
    """The same over the connection of a page: it has just answered, and another one costs 20 ms."""
    try:
        yield from findings(connections["default"])
    except DatabaseError as error:
        yield no_answer(error)


def no_answer(error: DatabaseError) -> Finding:
    return stated(
        AREA,
        "connection",
        Level.RED,
        type(error).__name__,
        threshold=f"red without an answer in {CONNECT_SECONDS} s",
        reason="PostgreSQL does not answer, or refuses the connection.",
        fix="See whether it runs and DATABASE_URL is right; docs/launch.md, rollback, says what follows.",
    )


@contextmanager
def quick_connection() -> Iterator[BaseDatabaseWrapper]:
    """A second connection that gives up soon; timeouts are per transaction, so a pooler may stand between."""
    database = connections["default"].copy()
    options = database.settings_dict.setdefault("OPTIONS", {})
    database.settings_dict["OPTIONS"] = options | {"connect_timeout": CONNECT_SECONDS}
    try:
        yield database
    finally:
        database.close()


def findings(database: BaseDatabaseWrapper) -> Iterator[Finding]:
    begun = time.perf_counter()
    version, name, late = row(
        database,
        "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version'), "
        "extract(epoch FROM clock_timestamp())",
    )
    now = time.time()
    yield measured(
        AREA,
        "latency",
        1000 * (time.perf_counter() - begun),
        LATENCY,
        reason="A statement that does nothing takes long: the server or the network is overloaded.",
        fix="Look at processor and disk of the server, and at the longest transaction below.",
    )
    yield version_finding(version, name)
    yield migrations_finding(database)
    yield measured(
        AREA,
        "clock",
        abs(now - float(late)),
        CLOCK,
        reason="The clocks of this machine and of the database differ.",
        fix="Let both follow a time server (chrony, systemd-timesyncd).",
    )
    state = gauges(database)
    yield from load(state)
    yield from replication(state)
    yield from read_replica()
    yield from space(database, state)
    yield slowest(database, state)


def version_finding(version: int, name: str) -> Finding:
    old = version < LEAST_VERSION
    return stated(
        AREA,
        "version",
        Level.RED if old else Level.GREEN,
        name.split()[0],
        threshold=f"red below {LEAST_VERSION}",
        reason="This release uses what older servers do not have." if old else "",
        fix=f"Upgrade PostgreSQL to {LEAST_VERSION} or newer." if old else "",
    )


def migrations_finding(database: BaseDatabaseWrapper) -> Finding:
    missing = missing_migrations(database)
    reason = "The database is older than this release: {} {}.".format(*missing[0]) if missing else ""
    return stated(
        AREA,
        "migrations",
        Level.RED if missing else Level.GREEN,
        f"{len(missing)} not applied" if missing else "all applied",
        threshold="red when one is missing",
        reason=reason,
        fix="Run: script/manage migrate" if missing else "",
    )


def missing_migrations(database: Any) -> list[tuple[str, str]]:
    """[(app, name)] of this release that the database lacks, by file names: loading them would take long."""
    with database.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return sorted(files_of_migrations() - set(cursor.fetchall()))


@cache
def files_of_migrations() -> frozenset[tuple[str, str]]:
    """(app, name) of each; a process runs one release."""
    return frozenset(
        (app.label, path.stem)
        for app in apps.get_app_configs()
        for path in Path(app.path, "migrations").glob("[0-9]*.py")
    )


def load(state: Gauges) -> Iterator[Finding]:
    yield measured(
        AREA,
        "connections used",
        float(state.connections),
        CONNECTIONS,
        reason="Most connections are taken: the next process may get none.",
        fix="Lower WEB_CONCURRENCY or WORKER_CONCURRENCY, put PgBouncer in front, or raise max_connections.",
    )
    yield measured(
        AREA,
        "longest transaction",
        float(state.transaction),
        TRANSACTION,
        reason="A transaction is open for long: it holds locks, and dead rows cannot be removed.",
        fix="Find it with SELECT pid, state, xact_start FROM pg_stat_activity ORDER BY xact_start, "
        "and end it with pg_terminate_backend(pid).",
    )
    dead, table = state.dead or (0, "")
    yield measured(
        AREA,
        "bloat",
        dead,
        DEAD_ROWS,
        words=f"{dead:.0f} % dead rows in {table}" if table else "no table with many dead rows",
        reason="Dead rows pile up: autovacuum does not keep up, or something holds them.",
        fix="See the longest transaction and replication, then run VACUUM on that table.",
    )
    yield measured(
        AREA,
        "wraparound",
        float(state.age),
        WRAPAROUND,
        reason="Old rows are not frozen: at 100 % PostgreSQL takes no more writes.",
        fix="Run VACUUM FREEZE, and see what holds autovacuum back.",
    )


def replication(state: Gauges) -> Iterator[Finding]:
    if state.recovers:
        yield stated(
            AREA,
            "replication",
            Level.RED,
            "a replica",
            reason="DATABASE_URL names a replica, which takes no writes.",
            fix="Point DATABASE_URL at the primary, or promote this server.",
        )
        return
    if state.idle_slots:
        yield stated(
            AREA,
            "replication slots",
            Level.AMBER,
            f"{state.idle_slots} without a reader",
            threshold="amber when one is idle",
            reason="An idle slot keeps WAL files until the disk is full.",
            fix="Start its reader again, or drop it with pg_drop_replication_slot.",
        )
    yield measured(
        AREA,
        "replication lag",
        float(state.lag),
        REPLICATION,
        words=f"{state.lag:.1f} s" if state.replicas else "no replica",
        reason="A replica is behind: what is committed now would be lost with the primary.",
        fix="Look at network and disk of the replica.",
    )


def read_replica() -> Iterator[Finding]:
    """How old the answers of DATABASE_REPLICA_URL are."""
    name = "read replica"
    if REPLICA not in settings.DATABASES:
        return
    try:
        age = replica_age()
    except DatabaseError as error:
        yield stated(
            AREA,
            name,
            Level.AMBER,
            type(error).__name__,
            threshold="amber without an answer",
            reason="The replica does not answer: figures are read from the primary.",
            fix="See whether it runs and DATABASE_REPLICA_URL is right.",
        )
        return
    if age is None:
        yield stated(
            AREA,
            name,
            Level.AMBER,
            "no replica",
            reason="DATABASE_REPLICA_URL names no replica, or one that received nothing since it started.",
            fix="Point it at a streaming replica of DATABASE_URL, and see whether that follows.",
        )
        return
    yield measured(
        AREA,
        name,
        age,
        REPLICATION,
        words=f"{age:.1f} s old",
        reason="The replica is behind. Beyond DATABASE_REPLICA_LAG_SECONDS the primary is read.",
        fix="Look at network and disk of the replica, and whether beat runs: without it nothing is written.",
    )


def space(database: BaseDatabaseWrapper, state: Gauges) -> Iterator[Finding]:
    """The share of the disk: of the server's own on this machine, else of DATABASE_DISK_GB."""
    size = state.size
    growth = growth_per_day()
    grows = "" if growth is None else f", {growth / 1e6:+,.0f} MB a day"
    total, used = disk(database, size)
    if not total:
        yield stated(
            AREA,
            "disk",
            Level.GREEN if settings.DEVELOPMENT else Level.AMBER,
            f"{size / 1e9:.2f} GB{grows}",
            threshold=str(DISK),
            reason="" if settings.DEVELOPMENT else "How large the disk of the server is, is not known here.",
            fix="" if settings.DEVELOPMENT else "Set DATABASE_DISK_GB.",
        )
        return
    yield measured(
        AREA,
        "disk",
        100 * used / total,
        DISK,
        words=f"{100 * used / total:.0f} % of {total / 1e9:,.0f} GB; database {size / 1e9:.2f} GB{grows}",
        reason="The disk of the database fills up; when it is full, no form can be saved.",
        fix="Enlarge the disk. Until then remove old WAL archives and backups, and see bloat.",
    )
    if growth and growth > 0:
        yield measured(
            AREA,
            "disk full in",
            (total - used) / growth,
            DISK_DAYS,
            reason="At the growth of the last days the disk is full soon.",
            fix="Enlarge the disk, or shorten retention; `purge_assessments` deletes old rows.",
        )


def disk(database: BaseDatabaseWrapper, size: int) -> tuple[float, float]:
    """(total, used) in bytes; zero when unknown. A server on this machine is asked for its directory."""
    if settings.DATABASE_DISK_GB:
        return settings.DATABASE_DISK_GB * 1e9, size
    host = str(database.settings_dict["HOST"] or database.settings_dict["OPTIONS"].get("host", "/"))
    if host.startswith("/"):
        try:
            usage = shutil.disk_usage(row(database, "SHOW data_directory")[0])
        except (DatabaseError, OSError):
            return 0, 0
        return usage.total, usage.total - usage.free
    return 0, 0


def slowest(database: BaseDatabaseWrapper, state: Gauges) -> Finding:
    name = "slowest statement"
    if not state.has_statistics:
        return stated(AREA, name, Level.GREEN, "not known: pg_stat_statements is not installed")
    try:
        found = row(database, SLOWEST)
    except DatabaseError:  # installed, but not loaded or not ours to read
        return stated(AREA, name, Level.GREEN, "not known: pg_stat_statements cannot be read")
    return measured(
        AREA,
        name,
        float(found[1]) if found else 0.0,
        STATEMENT,
        words=f"{found[1]:.0f} ms on average: {found[0]}" if found else "none yet",
        reason="A statement that runs often is slow.",
        fix="Look at its plan (EXPLAIN), and compare with `script/manage baseline compare`.",
    )
