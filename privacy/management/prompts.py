"""What commands ask their operator: whose data it is about, and to confirm."""

import sys

from django.core.management.base import BaseCommand, CommandError

from encryption.email_addresses import InvalidAddress, parse_address


class PersonCommand(BaseCommand):
    def ask_address(self) -> str:
        """One address, typed on a terminal or piped in; raises CommandError for anything else.

        Never an argument, which shells and process lists keep.
        """
        typed = input("E-mail address: ") if sys.stdin.isatty() else sys.stdin.readline()
        try:
            return parse_address(typed)
        except InvalidAddress:
            raise CommandError("Give one e-mail address, on standard input.") from None


def confirm() -> None:
    """Ask on a terminal; without one nobody can answer, so refuse. Raises CommandError."""
    if not sys.stdin.isatty():
        raise CommandError("This cannot be undone. Add --yes to run it without a terminal.")
    if input("This cannot be undone. Go on? [y/N] ").strip().lower() not in ("y", "yes"):
        raise CommandError("Stopped. Nothing was changed.")
