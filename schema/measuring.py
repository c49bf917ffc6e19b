"""Measure on a database full of rows: the plans of the hot statements, and what a row of each table takes.

What is measured stands in `texts/measured.yaml`, from which the document of the schema draws its plans and
its projection of a year. `benchmarks/schema_plans.py` makes the database.
"""

from pathlib import Path
from typing import Any

import yaml
from django.db import connection, transaction
from psycopg import sql

from schema.baseline import statements

MEASURED = Path(__file__).parent / "texts/measured.yaml"
LARGE = (
    *("assessments", "responses", "daily_figures", "hubspot_sync_queue", "hubspot_sync_attempts"),
    *("mail_queue", "consents", "run_links", "lead_work"),
)


class Text(str):
    """A text of several lines, which YAML shall write as one block."""


def represent(dumper: yaml.SafeDumper, text: Text) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|")


yaml.SafeDumper.add_representer(Text, represent)


def measured(year: int, words: str) -> dict[str, Any]:
    """What measured.yaml holds; `year`: assessments of a year, `words`: where this was measured."""
    return {
        "rows": count("assessments"),
        "assessments_a_year": year,
        "measured_on": words,
        "tables": sizes(),
        "queries": plans(),
    }


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        return int(cursor.fetchone()[0])


def sizes() -> dict[str, list[float]]:
    """{table: [rows for each assessment, bytes of a row with its indexes]}, without empty tables."""
    assessments, found = count("assessments"), {}
    for table in LARGE:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [table])
            size = cursor.fetchone()[0]
        if rows := count(table):
            found[table] = [round(rows / assessments, 3), round(size / rows)]
    return found


def plans() -> list[dict[str, Any]]:
    """The second run of each hot statement: what it reads is in memory, as that of a hot statement is."""
    return [
        {"name": name, "sql": Text(asked), "plan": Text(plan_of(asked))}
        for name, asked in statements().items()
    ]


def plan_of(statement: str) -> str:
    for _ in range(2):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}")
            lines = [row[0] for row in cursor.fetchall()]
    return "\n".join(line.rstrip() for line in lines)


def write_measured(found: dict[str, Any]) -> None:
    MEASURED.write_text(yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=200))
