"""Prompts of management commands: the data subject's address, and confirmation."""

import sys

from django.core.management.base import BaseCommand, CommandError

from encryption.email_addresses import InvalidAddress, parse_address


class PersonCommand(BaseCommand):
    def ask_address(self) -> str:
        """Read one address from a terminal or a pipe; raises CommandError if it is invalid.

        Not a command-line argument, which shell history and process lists would expose.
        """
        typed = input("E-mail address: ") if sys.stdin.isatty() else sys.stdin.readline()
        try:
            return parse_address(typed)
        except InvalidAddress:
            raise CommandError("Give one e-mail address, on standard input.") from None


def ask_to_confirm() -> None:
    """Ask for confirmation on a terminal. Raises CommandError if refused, or without a terminal."""
    if not sys.stdin.isatty():
        raise CommandError("This cannot be undone. Add --yes to run it without a terminal.")
    if input("This cannot be undone. Go on? [y/N] ").strip().lower() not in ("y", "yes"):
        raise CommandError("Stopped. Nothing was changed.")
