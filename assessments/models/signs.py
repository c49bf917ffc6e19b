"""Marks of an assessment, stored as its `doubts`. Pure: no database, no clock.

A mark stops nothing, but a marked assessment counts in no figure.
"""

from collections.abc import Iterable
from enum import StrEnum

from assessments.models.email_domains import is_disposable
from web import gettext_noop as _


class Sign(StrEnum):
    """One reason for doubt; its value is stored in `assessments.doubts`."""

    HONEYPOT = "honeypot"
    TOO_FAST = "too_fast"
    ROBOT = "robot"
    NO_PROOF = "no_proof"
    DISPOSABLE = "disposable"
    NO_MAIL_SERVER = "no_mail_server"
    OVER_LIMIT = "over_limit"
    TEST = "test"

    @property
    def label(self) -> str:
        return LABELS[self][1]

    @property
    def brief(self) -> str:
        """A two-word label for a list column."""
        return LABELS[self][0]


LABELS = {
    Sign.HONEYPOT: (_("Hidden field"), _("Filled in a field that people do not see")),
    Sign.TOO_FAST: (_("Too fast"), _("Answered faster than people read")),
    Sign.ROBOT: (_("Robot"), _("The browser calls itself a robot")),
    Sign.NO_PROOF: (_("No proof"), _("The browser did no proof of work")),
    Sign.DISPOSABLE: (_("Throw-away"), _("Throw-away e-mail address")),
    Sign.OVER_LIMIT: (_("Too many"), _("More saves in an hour than the limit allows")),
    Sign.NO_MAIL_SERVER: (_("No mail"), _("The address's domain takes no mail")),
    Sign.TEST: (_("Test"), _("Started by somebody signed in to the back office")),
}
ADDRESS_SIGNS = frozenset({Sign.DISPOSABLE, Sign.NO_MAIL_SERVER})


def merge_signs(doubts: Iterable[str], *more: Sign) -> list[str]:
    """Merge signs without duplicates, in a fixed order."""
    found = {*doubts, *more}
    return [sign.value for sign in Sign if sign in found]


def signs_of_new_address(doubts: Iterable[str], address: str | None) -> list[str]:
    """The signs that remain after the address has changed: those about the old address are dropped."""
    kept = [doubt for doubt in doubts if doubt not in ADDRESS_SIGNS]
    return merge_signs(kept, *([Sign.DISPOSABLE] if address and is_disposable(address) else []))
