"""`tests.chaos.within benchmarks.scrub_timer [whole]`: seconds to scrub what is due, whole or in batches.

In batches it also prints the seconds of the longest transaction: so long a lock of ours may be held.
"""

import sys
import time

from privacy.batches import Clearing
from privacy.datamap import TABLES
from privacy.models import ScrubCertificate
from privacy.retention import database_now, due
from privacy.rules import cleared_values

NAME = "assessments"
TABLE = TABLES[NAME]


def main(whole: bool) -> None:
    longest = 0.0
    start = last = time.perf_counter()
    if TABLE.retention is None:
        raise SystemExit(f"Nothing of {NAME} is ever due.")
    if whole:
        due(NAME, TABLE, TABLE.retention, database_now()).update(**cleared_values(TABLE, TABLE.retention))
    else:
        certificate = ScrubCertificate.objects.create(map_version="")
        clearing = Clearing(NAME, TABLE, TABLE.retention, database_now(), certificate=certificate)
        for _ in clearing.batches():
            now = time.perf_counter()
            longest, last = max(longest, now - last), now
    print(time.perf_counter() - start, longest)


if __name__ == "__main__":
    main(whole="whole" in sys.argv[1:])
