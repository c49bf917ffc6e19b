"""How a command is told whose data it is about: never as an argument, which shells and process lists keep."""

import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from assessments.addresses import fold


class PersonCommand(BaseCommand):
    def ask_address(self) -> str:
        """One address, typed on a terminal or piped in; raises CommandError for anything else."""
        typed = input("E-mail address: ") if sys.stdin.isatty() else sys.stdin.readline()
        try:
            validate_email(typed.strip())
        except ValidationError:
            raise CommandError("Give one e-mail address, on standard input.") from None
        return fold(typed)
