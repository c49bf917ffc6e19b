"""What tests of query plans share."""

from django.db import connection

OTHERS = """
SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class AS i ON i.oid = indexrelid
WHERE indrelid = ANY(%s::text[]::regclass[]) AND NOT indisunique AND relname <> %s
"""


def leave_alone(index: str, *tables: str) -> None:
    """Drop the other indexes of these tables until the test ends.

    Which of several is cheapest depends on what other tests left behind and autovacuum saw of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, [list(tables), index])
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
