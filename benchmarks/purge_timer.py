"""`tests.chaos.within benchmarks.purge_timer [whole]`: seconds to purge what is old, whole or in batches.

In batches it also prints the seconds of the longest transaction: so long a lock of ours may be held.
"""

import sys
import time

from django.db import connection

from privacy.clearing.purge import purge

DAYS = 365
# The same rows in one statement; foreign keys are checked at its end.
WHOLE = """
WITH old AS (SELECT id, session_id FROM assessments WHERE created_at < now() - interval '365 days'),
responses AS (DELETE FROM responses WHERE assessment_id IN (SELECT id FROM old)),
sessions AS (DELETE FROM assessment_sessions WHERE session_id IN (SELECT session_id FROM old)),
queue AS (DELETE FROM hubspot_sync_queue WHERE assessment_id IN (SELECT id FROM old))
DELETE FROM assessments WHERE id IN (SELECT id FROM old)
"""


class Watch:
    """The longest time between two batches."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.last = time.perf_counter()

    def __call__(self, rows: int) -> None:
        now = time.perf_counter()
        self.longest, self.last = max(self.longest, now - self.last), now


def main(whole: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        watch = Watch()
        start = time.perf_counter()
        if whole:
            cursor.execute(WHOLE)
        else:
            purge(DAYS, progress=watch)
    print(time.perf_counter() - start, watch.longest)


if __name__ == "__main__":
    main(whole="whole" in sys.argv[1:])
