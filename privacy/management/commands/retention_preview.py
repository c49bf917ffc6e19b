from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.clearing.preview import retention_effects, settings_of_retention

MOST = 3650  # days, the maximum of the setting


class Command(BaseCommand):
    help = "Say how many rows the next scrub would clear with another retention. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("proposed", nargs="+", metavar="SETTING=DAYS")

    def handle(self, *args: Any, **options: Any) -> None:
        found = retention_effects(dict(proposal(word) for word in options["proposed"]))
        for effect in found:
            self.stdout.write(f"The next scrub would clear: {effect}")
        if not found:
            self.stdout.write("The next scrub would clear the same rows as now.")


def proposal(word: str) -> tuple[str, int]:
    """Parse "EMAIL_RETENTION_DAYS=7" into ("EMAIL_RETENTION_DAYS", 7); raises CommandError."""
    setting, _, days = word.partition("=")
    known = settings_of_retention()
    if setting not in known:
        raise CommandError(
            f"{setting} is not a retention setting. Choose one of: {', '.join(sorted(known))}."
        )
    if not (days.isdecimal() and 1 <= int(days) <= MOST):
        raise CommandError(f"{setting} must be a number of days between 1 and {MOST}.")
    return setting, int(days)
