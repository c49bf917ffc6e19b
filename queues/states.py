"""States shared by all queues, besides their own final states. Pure."""

WAITING, LEASED, FAILED = "waiting", "leased", "failed"
UNFINISHED = (WAITING, LEASED, FAILED)
