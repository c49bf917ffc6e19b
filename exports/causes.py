"""Failure causes of exports in words, with what to do about them. Pure."""

from collections.abc import Callable

from queues.causes import Cause
from web import gettext_noop as _

CAUSES = {
    "worker_died": Cause(_("The worker died five times during this export."), _("Check the worker's log.")),
    "person_erased": Cause(
        _("Somebody's data was erased, so the file was deleted."), _("Export again: it is left out then.")
    ),
}
INTERNAL = Cause(_("The export failed."), _("Check the worker's log, then export again."))


def explain(code: str, translate: Callable[[str], str] = str) -> Cause:
    return CAUSES.get(code, INTERNAL).translated(translate)
