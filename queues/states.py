"""The states that rows of every queue have, beside their ends. Pure."""

WAITING, LEASED, FAILED = "waiting", "leased", "failed"
UNFINISHED = (WAITING, LEASED, FAILED)
