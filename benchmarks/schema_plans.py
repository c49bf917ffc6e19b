"""Plans and sizes at a million assessments, for the document of the schema: schema/measuring.py.

On a PostgreSQL of its own, at the root of the project:
    export DEBUG=true
    .venv/bin/python -m config.embedded -- .venv/bin/python -m tests.chaos.within benchmarks.schema_plans
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection

from benchmarks.multiply import multiply
from schema import measuring

SQL = Path(__file__).with_name("sql") / "fill_queues.sql"
COMMANDS = (
    ("migrate", "--verbosity", "0"),
    ("load_questionnaire", "scorecard/content/ai_reality_check.yaml", "--publish"),
)
GENERATED = 20_000  # and the rest are copies of them
SESSIONS_SHARE = 50  # of so many assessments one is open


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assessments", type=int, default=1_000_000)
    parser.add_argument("--a-year", type=int, default=100_000, help="assessments of the projection (100000)")
    options = parser.parse_args()
    began = time.monotonic()
    generated = min(options.assessments, GENERATED)
    for command in (*COMMANDS, ("generate_demo_data", str(generated), "--yes")):
        manage(*command)
    multiply(options.assessments // generated)
    fill(options.assessments // SESSIONS_SHARE)
    print(f"filled after {time.monotonic() - began:.0f} s", flush=True)
    measuring.write_measured(measuring.measured(options.a_year, where(options.assessments)))
    manage("schema_document")
    print(f"measured after {time.monotonic() - began:.0f} s")


def manage(*command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], check=True)  # noqa: S603  # our own commands


def fill(sessions: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL.read_text(), {"sessions": sessions})
        cursor.execute("VACUUM ANALYZE")


def where(assessments: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0].split()[0]
    cores = len(os.sched_getaffinity(0))
    return (
        f"EXPLAIN (ANALYZE, BUFFERS) at {assessments:,} assessments on PostgreSQL {version}, "
        f"{cores} processors ({platform.machine()}), its default settings, the second run of each."
    )


if __name__ == "__main__":
    main()
