"""`tests.chaos.within benchmarks.claim_timer`: claim and finish what is due.

Prints the seconds of each claim, and of an update of one row.
"""

import time

from hubspot_sync.delivery import recording
from hubspot_sync.models import SyncQueueItem

LIMIT = 10


def main() -> None:
    while True:
        start = time.perf_counter()
        items = SyncQueueItem.objects.claim(LIMIT)
        took = time.perf_counter() - start
        if not items:
            return
        start = time.perf_counter()
        SyncQueueItem.objects.filter(pk=items[0].pk).update(last_error="")
        print(took, time.perf_counter() - start)
        recording.record_delivered(items)


if __name__ == "__main__":
    main()
