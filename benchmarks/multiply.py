"""Many assessments out of some: copies of invented ones, each with its answers, work of sales and figures.

Copies are rows of their own: ids, sessions and addresses of their own, some seconds later. They are written
without triggers and in one statement a table, ten times faster than by `generate_demo_data`. For a database
that is thrown away.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from encryption.keys import key_ring
from operations.demo import DOMAIN

OWN = {
    "assessments": {
        "id": "copies.new",
        "session_id": "copies.new::text",
        "created_at": "source.created_at + copies.number * interval '7 seconds'",
        "completed_at": "source.completed_at + copies.number * interval '7 seconds'",
    },
    "responses": {"id": "gen_random_uuid()", "assessment_id": "copies.new"},
    "lead_work": {"assessment_id": "copies.new"},
}
SOURCE = {"assessments": "id", "responses": "assessment_id", "lead_work": "assessment_id"}


def multiply(times: int) -> None:
    """Add `times` - 1 copies of every assessment that is there."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # neither triggers nor foreign keys
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        cursor.execute(
            "CREATE TEMP TABLE copies ON COMMIT DROP AS"
            " SELECT id AS old, gen_random_uuid() AS new, number"
            " FROM assessments CROSS JOIN generate_series(1, %s) AS number",
            [times - 1],
        )
        cursor.execute("ANALYZE copies")
        for table, own in OWN.items():
            with without_indexes(cursor, table):
                names = columns(table)
                values = ", ".join(own.get(name, f'source."{name}"') for name in names)
                cursor.execute(
                    f"INSERT INTO {table} ({quoted(names)}) SELECT {values}"  # noqa: S608  # names of our own
                    f" FROM {table} AS source JOIN copies ON copies.old = source.{SOURCE[table]}"
                )
        names = [name for name in columns("daily_figures") if name != "id"]
        with without_indexes(cursor, "daily_figures"):
            cursor.execute(
                f"INSERT INTO daily_figures ({quoted(names)}) SELECT {quoted(names)}"  # noqa: S608  # the same
                " FROM daily_figures CROSS JOIN generate_series(1, %s)",
                [times - 1],
            )
        give_addresses(cursor)


@contextmanager
def without_indexes(cursor: Any, table: str) -> Iterator[None]:
    """Indexes that no constraint needs are built anew at the end: by sorting, not row by row."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
        [table],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, definition in found:
        cursor.execute(definition)


def give_addresses(cursor: Any) -> None:
    """Each copy with an address gets another one, sealed as ours are."""
    cursor.execute("SELECT new FROM copies JOIN assessments ON id = new WHERE email IS NOT NULL")
    keys, ring = [row[0] for row in cursor.fetchall()], key_ring()
    cursor.execute("CREATE TEMP TABLE addresses (id uuid, address text) ON COMMIT DROP")
    with cursor.copy("COPY addresses FROM STDIN") as writer:
        for number, key in enumerate(keys):
            address = ring.encrypt("email", f"copy-{number}@{DOMAIN}", searchable=True)
            writer.write_row((key, address))
    cursor.execute(
        "UPDATE assessments SET email = address FROM addresses WHERE addresses.id = assessments.id"
    )


def columns(table: str) -> list[str]:
    """The columns that can be written, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]


def quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
