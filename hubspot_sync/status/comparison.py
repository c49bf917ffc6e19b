"""A finished comparison with HubSpot in words of the active language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def in_words(run: Any) -> str:
    """The result of a finished run with its counts, as the command says it, in the reader's language."""
    here = ngettext("%(here)d lead here, %(there)d there", "%(here)d leads here, %(there)d there", run.here)
    differ = ngettext("%(count)d differs", "%(count)d differ", run.differ)
    words = f"{here % {'here': run.here, 'there': run.there}}, {differ % {'count': run.differ}}"
    if run.differ and not run.dry_run:
        counts = {"right": run.differ - run.to_decide, "left": run.to_decide}
        words += ": " + _("%(right)d put right, %(left)d for a person to decide") % counts
    if run.on_their_way:
        words += "; " + _("%(count)d on the way") % {"count": run.on_their_way}
    dry = _("dry run: nothing was changed")
    return f"{words} ({dry})" if run.dry_run else words
