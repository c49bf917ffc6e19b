"""What a person agreed or objected to, as sales reads it in the active language. No database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True)
class ConsentInWords:
    """A sentence, and whether it forbids a call."""

    text: str
    forbids: bool


def consent_in_words(choices: Mapping[str, bool], *, needed: bool) -> ConsentInWords:
    """Say whether a person may be called. `needed`: the operator asks for consent before any contact."""
    answer = choices.get(FOLLOW_UP)
    if answer is False:
        return ConsentInWords(_("Objected: do not call"), forbids=True)
    if answer:
        return ConsentInWords(_("Agreed to be contacted"), forbids=False)
    if needed:
        return ConsentInWords(_("Has not agreed: do not call"), forbids=True)
    return ConsentInWords(_("Asked for a result, did not object"), forbids=False)
