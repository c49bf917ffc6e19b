"""`... tests.chaos.claimer --until N`: claim and finish rows until N are done; print every key it claimed."""

import argparse
import time

from hubspot_sync.delivery import recording
from hubspot_sync.models import QueueStatus, SyncQueueItem

LIMIT = 100


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--until", type=int, required=True)
    wanted = parser.parse_args().until
    print("ready", flush=True)
    while SyncQueueItem.objects.filter(status=QueueStatus.DONE).count() < wanted:
        items = SyncQueueItem.objects.claim(LIMIT)
        for item in items:
            print(item.pk)
        if items:
            recording.record_delivered(items)
        else:
            time.sleep(0.05)


if __name__ == "__main__":
    main()
