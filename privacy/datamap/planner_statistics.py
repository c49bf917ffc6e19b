"""Disable PostgreSQL's planner statistics for columns that can identify a person.

ANALYZE copies common values and a histogram of each column into the catalogue, where they outlive the scrub
of the table, encrypted or not. So every column that the data map does not call impersonal collects no
statistics. Queries on them go through indexes, which the planner still chooses for values without statistics.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connections, transaction

from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import BY_QUESTION, Column, DataClass

IMPERSONAL = (DataClass.PLAIN, DataClass.ANSWER)

COLLECTED = """
SELECT c.relname, a.attname
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
  AND NOT a.attisdropped AND a.attnum > 0 AND coalesce(a.attstattarget, -1) <> 0
"""

REMEMBERED = "SELECT tablename, attname FROM pg_stats WHERE schemaname = current_schema()"

EXPRESSIONS = (Path(__file__).parent / "sql" / "index_expressions.sql").read_text()

# Extended statistics, created by hand, and those of expression indexes, which are named after the index.
EXTENDED = """
SELECT e.tablename, a.attname FROM pg_stats_ext e CROSS JOIN LATERAL unnest(e.attnames) AS a(attname)
WHERE e.schemaname = current_schema()
"""

CLEAR_ANY = """
DELETE FROM pg_statistic s USING pg_attribute a
WHERE s.starelid = a.attrelid AND s.staattnum = a.attnum AND a.attrelid = %s::regclass AND a.attname = %s
"""


def can_name_somebody(column: Column) -> bool:
    return (
        column.kind not in IMPERSONAL
        or column.rule in BY_QUESTION
        or any(kind not in IMPERSONAL for kind in column.keys.values())
    )


def naming_columns() -> set[tuple[str, str]]:
    """Return (table, column) of every column that can identify a person."""
    return {
        (name, column)
        for name, table in TABLES.items()
        for column, found in table.columns.items()
        if can_name_somebody(found)
    }


def without_statistics(sender: Any, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Receiver of `post_migrate`: disable statistics for new columns and clear those already collected."""
    quoted = connections[using].ops.quote_name
    with connections[using].cursor() as cursor:
        for table, column in sorted(naming_columns() & table_columns(cursor, COLLECTED)):
            cursor.execute(f"ALTER TABLE {quoted(table)} ALTER COLUMN {quoted(column)} SET STATISTICS 0")
        cursor.execute(EXPRESSIONS)
        for table, column, index, place in cursor.fetchall():
            if (table, column) in naming_columns():
                cursor.execute(f"ALTER INDEX {quoted(index)} ALTER COLUMN {place} SET STATISTICS 0")
    for table, column in sorted(columns_with_values(using)):
        clear(using, table, column)


def columns_with_values(using: str = DEFAULT_DB_ALIAS) -> set[tuple[str, str]]:
    """Return the identifying columns for which the catalogue still holds values."""
    with connections[using].cursor() as cursor:
        return naming_columns() & (table_columns(cursor, REMEMBERED) | table_columns(cursor, EXTENDED))


def table_columns(cursor: Any, query: str) -> set[tuple[str, str]]:
    cursor.execute(query)
    return set(cursor.fetchall())


def clear(using: str, table: str, column: str) -> None:
    """Clear the statistics of a column, by the first method that this server and user permit."""
    for statement, parameters in ways_to_clear(using, table, column):
        try:
            with transaction.atomic(using), connections[using].cursor() as cursor:
                cursor.execute(statement, parameters)
        except ProgrammingError:  # no privilege, or a trigger names the column: try the next method
            continue
        return


def ways_to_clear(using: str, table: str, column: str) -> Iterator[tuple[str, list[str]]]:
    """Yield statements to try: PostgreSQL 18's function, a superuser's DELETE, an owner's ALTER TYPE."""
    quoted = connections[using].ops.quote_name
    yield "SELECT pg_clear_attribute_stats(current_schema()::text, %s, %s, false)", [table, column]
    yield CLEAR_ANY, [quoted(table), column]
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attname = %s",
            [quoted(table), column],
        )
        kind = cursor.fetchone()[0]
    yield f"ALTER TABLE {quoted(table)} ALTER COLUMN {quoted(column)} TYPE {kind}", []
