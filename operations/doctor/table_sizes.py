"""How much room each table takes on disk, with its indexes."""

from dataclasses import dataclass

from django.db import connection

LARGEST = 8
SIZES = """
SELECT tablename, pg_total_relation_size(format('%I.%I', schemaname, tablename)::regclass) AS bytes
FROM pg_tables WHERE schemaname = current_schema() ORDER BY bytes DESC, tablename
"""


@dataclass(frozen=True, slots=True)
class TableSize:
    table: str
    bytes: int


def table_sizes() -> list[TableSize]:
    """Return every table, the largest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        return [TableSize(*row) for row in cursor.fetchall()]


def largest_tables() -> list[TableSize]:
    return table_sizes()[:LARGEST]
