from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from encryption.keys import KeyMissing
from encryption.rotation import count_outdated, rotate


class Command(BaseCommand):
    help = (
        "Encrypt every personal value with the first of FIELD_ENCRYPTION_KEYS, in short transactions. Run it "
        "after a change of the keys; when nothing is due any more, the old key can go. It may be cut off."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Count what is due, change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = count_outdated() if options["dry_run"] else rotate()
        except KeyMissing as error:
            raise CommandError(f"{error}. Add that key, after the first, and run this again.") from error
        for table, rows in counts.items():
            self.stdout.write(f"{'Due' if options['dry_run'] else 'Encrypted'}: {table} {rows:,}")
