"""`tests.chaos.within benchmarks.scrub_timer [whole]`: seconds to scrub what is due, whole or in batches.

It also prints for how many seconds rows were locked at the longest.
"""

import sys
import time

from django.db import connection

from privacy.clearing.batches import Clearing
from privacy.clearing.due import due_rows
from privacy.datamap.sql_rules import cleared_values
from privacy.datamap.tables import TABLES
from privacy.models import ScrubCertificate
from queues.database_clock import database_now

NAME = "assessments"
TABLE = TABLES[NAME]


def main(whole: bool) -> None:
    if TABLE.retention is None:
        raise SystemExit(f"Nothing of {NAME} is ever due.")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    start = time.perf_counter()
    if whole:
        due_rows(NAME, TABLE, TABLE.retention, database_now()).update(
            **cleared_values(TABLE, TABLE.retention)
        )
        print(time.perf_counter() - start, time.perf_counter() - start)
        return
    certificate = ScrubCertificate.objects.create(map_version="")
    clearing = Clearing(NAME, TABLE, TABLE.retention, database_now(), certificate=certificate)
    clearing.run()
    print(time.perf_counter() - start, clearing.longest)


if __name__ == "__main__":
    main(whole="whole" in sys.argv[1:])
