"""`... tests.chaos.zombie`: claim rows, freeze, and when thawed write down every outcome there is."""

import os
import signal

from hubspot_sync import outcomes
from hubspot_sync.errors import Misconfigured, TryAgain
from hubspot_sync.models import SyncQueueItem


def main() -> None:
    items = SyncQueueItem.objects.claim(100)
    print(len(items), flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
    outcomes.note_step("hubspot_contact_id", dict.fromkeys(items, "666"))
    outcomes.note_step("hubspot_deal_id", dict.fromkeys(items, "666"))
    outcomes.postponed(items, TryAgain("http_503"))
    outcomes.attempt_failed(items[0], "no_answer_for_input")
    outcomes.stopped(items, Misconfigured("not_authorised_401"))
    outcomes.refused(items, "invalid_email")
    outcomes.nothing_to_send(items)
    outcomes.delivered(items)
    print("all written", flush=True)


if __name__ == "__main__":
    main()
