"""What commands ask whoever runs them: whose data it is about, and whether he is sure."""

import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from encryption.email_addresses import canonical_address


class PersonCommand(BaseCommand):
    def ask_address(self) -> str:
        """One address, typed on a terminal or piped in; raises CommandError for anything else.

        Never an argument, which shells and process lists keep.
        """
        typed = input("E-mail address: ") if sys.stdin.isatty() else sys.stdin.readline()
        try:
            validate_email(typed.strip())
        except ValidationError:
            raise CommandError("Give one e-mail address, on standard input.") from None
        return canonical_address(typed)


def confirm() -> None:
    """Ask on a terminal; without one nobody can answer, so refuse. Raises CommandError."""
    if not sys.stdin.isatty():
        raise CommandError("This cannot be undone. Add --yes to run it without a terminal.")
    if input("This cannot be undone. Go on? [y/N] ").strip().lower() not in ("y", "yes"):
        raise CommandError("Stopped. Nothing was changed.")
