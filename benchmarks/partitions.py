"""Monthly partitions of assessments and responses beside the tables as they are: purge, insert and look-up.

On a PostgreSQL of its own that is thrown away, with disk writes as in production; triggers are left out of
both layouts. Look-ups and inserts are processor time of PostgreSQL. A million assessments take 14 GB.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.production import CONTENT, ROOT, environment_of, manage
from config.embedded import services
from config.embedded.valkey import free_port

MONTHS = 12  # full ones before the current
BATCH = 1_000  # assessments that one transaction of the purge deletes
TEMPLATES = 200
TABLES = ("assessments", "responses")
SCHEMA = ROOT / "benchmarks/sql/partitions.sql"
COPIES = """
CREATE TABLE copies AS
SELECT old, gen_random_uuid() AS id, session_id || '-' || number AS session_id,
    date_trunc('month', now()) - random() * %s * interval '1 month' AS started
FROM (SELECT id AS old, session_id FROM public.assessments WHERE completed_at IS NOT NULL LIMIT %s)
    CROSS JOIN generate_series(1, %s) AS number
ORDER BY started
"""  # in the order in which visitors come
KEYS = {
    "flat": {
        "assessments": ("PRIMARY KEY (id)", "UNIQUE (session_id)"),
        "responses": (
            "PRIMARY KEY (id)",
            "UNIQUE (assessment_id, question_key)",
            "FOREIGN KEY (assessment_id) REFERENCES flat.assessments (id)",
        ),
    },
    "monthly": {
        "assessments": ("PRIMARY KEY (id, created_at)", "UNIQUE (session_id, created_at)"),
        "responses": (
            "PRIMARY KEY (id, started_at)",
            "UNIQUE (assessment_id, question_key, started_at)",
            "FOREIGN KEY (assessment_id, started_at) REFERENCES monthly.assessments (id, created_at)",
        ),
    },
}
OWN = {
    "assessments": {
        "id": "copies.id",
        "session_id": "copies.session_id",
        "created_at": "copies.started",
        "completed_at": "copies.started + (source.completed_at - source.created_at)",
    },
    "responses": {"id": "gen_random_uuid()", "assessment_id": "copies.id", "started_at": "copies.started"},
}
JOINED = {"assessments": "source.id = copies.old", "responses": "source.assessment_id = copies.old"}
ONE = "(VALUES (%(old)s::uuid, %(id)s::uuid, %(session)s, now())) AS copies (old, id, session_id, started)"
NEWEST = """
SELECT * FROM {0}.assessments WHERE completed_at IS NOT NULL AND lead_quality IS NOT NULL
ORDER BY qualified_for_briefing DESC, completed_at DESC, id DESC LIMIT 50
"""
LOOK_UPS = {
    "assessment by id": "SELECT * FROM {0}.assessments WHERE id = %(id)s",
    "assessment by session": "SELECT * FROM {0}.assessments WHERE session_id = %(session)s",
    "its responses": "SELECT * FROM {0}.responses WHERE assessment_id = %(id)s",
    "50 newest leads": NEWEST,
}
WITH_MONTH = {
    "assessment by id, month given": LOOK_UPS["assessment by id"] + " AND created_at = %(started)s",
    "its responses, month given": LOOK_UPS["its responses"] + " AND started_at = %(started)s",
}
DELETE = """
WITH old AS (SELECT id FROM flat.assessments WHERE created_at < %s ORDER BY created_at LIMIT %s),
answers AS (DELETE FROM flat.responses WHERE assessment_id IN (SELECT id FROM old))
DELETE FROM flat.assessments WHERE id IN (SELECT id FROM old)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assessments", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=2_000, help="inserts and look-ups of each kind")
    options = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="partitions-"))
    try:
        with services(directory, durable=True) as found:
            environment = found.environment | environment_of(free_port())
            manage(environment, "migrate")
            manage(environment, "load_questionnaire", CONTENT, "--publish")
            manage(environment, "generate_demo_data", str(2 * TEMPLATES), "--yes")
            with psycopg.connect(found.database_url, autocommit=True) as connection:
                measure(connection, options.assessments, options.times)
    finally:
        shutil.rmtree(directory)


def measure(connection: psycopg.Connection[Any], assessments: int, times: int) -> None:
    connection.execute("SET plan_cache_mode = force_generic_plan")  # as the product has it
    connection.execute(SCHEMA.read_text())
    given = [MONTHS, TEMPLATES, assessments // TEMPLATES]
    psycopg.ClientCursor(connection).execute(COPIES, given)  # PostgreSQL takes no parameters for a table
    months = create_months(connection)
    for layout in KEYS:
        say(layout, "filled", timed(partial(fill, connection, layout)), "s")
        say(layout, "keys and indexes built", timed(partial(build, connection, layout)), "s")
        say(layout, "size", size(connection, layout), "GB")
    for turn in ("turn 1", "turn 2"):
        for layout in KEYS:
            kinds = LOOK_UPS | (WITH_MONTH if layout == "monthly" else {})
            for name, statement in kinds.items():
                say(layout, f"{name}, {turn}", look_up(connection, statement.format(layout), times), "ms")
            say(layout, f"insert with its responses, {turn}", insert(connection, layout, times), "ms")
    purges: dict[str, Callable[[], float]] = {
        "flat": partial(delete_month, connection, months[1]),
        "monthly": partial(drop_month, connection),
    }
    for layout, purge in purges.items():
        before, rows = wal(connection), count(connection, layout)
        begun, worked = time.perf_counter(), processor(connection)
        longest = purge()
        say(layout, "purge of a month", time.perf_counter() - begun, "s")
        say(layout, "processor of it", processor(connection) - worked, "s")
        say(layout, "assessments in it", rows - count(connection, layout), "")
        say(layout, "longest transaction of it", 1000 * longest, "ms")
        say(layout, "WAL of it", wal(connection) - before, "MB")
        say(layout, "VACUUM after it", timed(partial(vacuum, connection, layout)), "s")
        say(layout, "size after it", size(connection, layout), "GB")
    turn_over(connection, months[-1])


def create_months(connection: psycopg.Connection[Any]) -> list[str]:
    """A partition of each table for each month; returns the first days, oldest first."""
    first = f"date_trunc('month', now()) - make_interval(months => {MONTHS} - number)"
    rows = connection.execute(
        f"SELECT ({first})::date::text FROM generate_series(0, {MONTHS + 1}) AS number"  # noqa: S608  # names of our own
    ).fetchall()
    days = [day for (day,) in rows]
    for number, (begin, end) in enumerate(pairwise(days)):
        for table in TABLES:
            connection.execute(
                f"CREATE TABLE monthly.{table}_{number} PARTITION OF monthly.{table}"
                f" FOR VALUES FROM ('{begin}') TO ('{end}')".encode()
            )
    return days


def fill(connection: psycopg.Connection[Any], layout: str) -> None:
    for table in TABLES:
        connection.execute(inserting(connection, layout, table, "copies").encode())


def inserting(connection: psycopg.Connection[Any], layout: str, table: str, copies: str) -> str:
    """The statement that copies the templates' rows of a table for each of `copies`."""
    rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
        [f"{layout}.{table}"],
    ).fetchall()
    values = ", ".join(OWN[table].get(name, f"source.{name}") for (name,) in rows)
    return (
        f"INSERT INTO {layout}.{table} SELECT {values}"  # noqa: S608  # names of our own
        f" FROM {copies} JOIN public.{table} AS source ON {JOINED[table]}"
    )


def build(connection: psycopg.Connection[Any], layout: str) -> None:
    """The keys of the layout, and the indexes that the product has beside them."""
    connection.execute("SET maintenance_work_mem = '1GB'")
    for table in TABLES:
        for key in KEYS[layout][table]:
            connection.execute(f"ALTER TABLE {layout}.{table} ADD {key}".encode())
        rows = connection.execute(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
            [f"public.{table}"],
        ).fetchall()
        for (definition,) in rows:
            connection.execute(definition.replace(f" public.{table} ", f" {layout}.{table} "))
    vacuum(connection, layout)


def vacuum(connection: psycopg.Connection[Any], layout: str) -> None:
    connection.execute(f"VACUUM ANALYZE {', '.join(f'{layout}.{table}' for table in TABLES)}".encode())


def look_up(connection: psycopg.Connection[Any], statement: str, times: int) -> float:
    """Processor milliseconds of one, of so many random assessments."""
    chosen = connection.execute(
        "SELECT id, session_id, started FROM copies ORDER BY random() LIMIT %s", [times]
    ).fetchall()
    begun = processor(connection)
    for id_, session, started in chosen:
        given = {"id": id_, "session": session, "started": started}
        connection.execute(statement.encode(), given, prepare=True).fetchall()
    return 1000 * (processor(connection) - begun) / times


def insert(connection: psycopg.Connection[Any], layout: str, times: int) -> float:
    """Processor milliseconds of one transaction."""
    templates = connection.execute("SELECT DISTINCT old FROM copies").fetchall()
    statements = [inserting(connection, layout, table, ONE).encode() for table in TABLES]
    connection.execute("SET synchronous_commit = off")
    begun = processor(connection)
    for turn in range(times):
        (id_,) = connection.execute("SELECT gen_random_uuid()").fetchone() or ("",)
        given = {"old": templates[turn % len(templates)][0], "id": id_, "session": str(id_)}
        with connection.transaction():
            for statement in statements:
                connection.execute(statement, given, prepare=True)
    seconds = processor(connection) - begun
    connection.execute("RESET synchronous_commit")
    return 1000 * seconds / times


def delete_month(connection: psycopg.Connection[Any], until: str) -> float:
    """Delete what began before that day in batches; returns the seconds of the longest."""
    connection.execute("SET enable_seqscan = off")  # as the purge does
    longest, deleted = 0.0, BATCH
    while deleted:
        begun = time.perf_counter()
        deleted = connection.execute(DELETE.encode(), [until, BATCH]).rowcount
        longest = max(longest, time.perf_counter() - begun)
    connection.execute("RESET enable_seqscan")
    return longest


def drop_month(connection: psycopg.Connection[Any]) -> float:
    """Drop the oldest month, answers first: nothing may refer to a partition that is detached."""
    begun = time.perf_counter()
    with connection.transaction():
        connection.execute("DROP TABLE monthly.responses_0")
        connection.execute("ALTER TABLE monthly.assessments DETACH PARTITION monthly.assessments_0")
        connection.execute("DROP TABLE monthly.assessments_0")
    return time.perf_counter() - begun


def processor(connection: psycopg.Connection[Any]) -> float:
    """Seconds that the session's process of PostgreSQL has worked."""
    fields = Path(f"/proc/{connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def turn_over(connection: psycopg.Connection[Any], until: str) -> None:
    """Make the table as it is the first partition of another: what is slow first, while others write."""
    table = "flat.assessments"
    connection.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT until CHECK (created_at < '{until}') NOT VALID".encode()
    )
    slow = (
        f"ALTER TABLE {table} VALIDATE CONSTRAINT until",
        f"CREATE UNIQUE INDEX CONCURRENTLY month_key ON {table} (id, created_at)",
    )
    quick = (
        f"ALTER TABLE {table} ADD CONSTRAINT month_key UNIQUE USING INDEX month_key",
        f"CREATE TABLE flat.turned (LIKE {table} INCLUDING DEFAULTS) PARTITION BY RANGE (created_at)",
        f"ALTER TABLE flat.turned ATTACH PARTITION {table} FOR VALUES FROM (MINVALUE) TO ('{until}')",
        "ALTER TABLE flat.turned ADD UNIQUE (id, created_at)",
    )
    for statements, words in ((slow, "while others write"), (quick, "under a lock")):
        begun = time.perf_counter()
        for statement in statements:
            connection.execute(statement.encode())
        seconds = time.perf_counter() - begun
        say("flat", f"made a partition, {words}", seconds, "s")


def count(connection: psycopg.Connection[Any], layout: str) -> int:
    return int(number(connection, f"SELECT count(*) FROM {layout}.assessments"))  # noqa: S608  # names of our own


def size(connection: psycopg.Connection[Any], layout: str) -> float:
    """Gigabytes of both tables with their indexes."""
    return number(
        connection,
        f"SELECT sum(pg_total_relation_size(oid)) / 1e9 FROM pg_class"  # noqa: S608  # names of our own
        f" WHERE relnamespace = '{layout}'::regnamespace AND relkind = 'r'",
    )


def wal(connection: psycopg.Connection[Any]) -> float:
    """Megabytes written to the log so far."""
    return number(connection, "SELECT (pg_current_wal_insert_lsn() - '0/0') / 1e6")


def number(connection: psycopg.Connection[Any], statement: str) -> float:
    row = connection.execute(statement.encode()).fetchone()
    return float(row[0]) if row else 0.0


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def say(layout: str, what: str, value: float, unit: str) -> None:
    print(f"{layout:8} {what:45} {value:12.3f} {unit}", flush=True)


if __name__ == "__main__":
    main()
