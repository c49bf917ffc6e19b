"""`... tests.chaos.zombie`: claim rows, freeze, and when thawed write down every outcome there is."""

import os
import signal

from hubspot_sync.delivery import recording
from hubspot_sync.http.errors import Misconfigured, TryAgain
from hubspot_sync.models import SyncQueueItem


def main() -> None:
    items = SyncQueueItem.objects.claim(100)
    print(len(items), flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
    recording.record_step("hubspot_contact_id", dict.fromkeys(items, "666"))
    recording.record_step("hubspot_deal_id", dict.fromkeys(items, "666"))
    recording.record_outage(items, TryAgain("http_503"))
    recording.record_failed_attempt(items[0], "no_answer_for_input")
    recording.record_misconfigured(items, Misconfigured("not_authorised_401"))
    recording.record_rejected(items, "invalid_email")
    recording.record_nothing_to_send(items)
    recording.record_delivered(items)
    print("all written", flush=True)


if __name__ == "__main__":
    main()
