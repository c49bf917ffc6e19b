"""Failure causes of exports in words, with what to do about them. Pure."""

from queues.causes import Cause

CAUSES = {
    "worker_died": Cause("The worker died five times during this export.", "Check the worker's log."),
    "person_erased": Cause(
        "Somebody's data was erased, so the file was deleted.", "Export again: it is left out then."
    ),
}
INTERNAL = Cause("The export failed.", "Check the worker's log, then export again.")


def explain(code: str) -> Cause:
    return CAUSES.get(code, INTERNAL)
