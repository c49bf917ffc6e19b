import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.requests.after_restore import (
    addresses_to_erase_again,
    erase_again,
    import_erasures,
    list_erasures,
)


class Command(BaseCommand):
    help = (
        "After a restore: read who was erased since from log files (or from what --list printed), and erase "
        "whoever came back. Without files it uses the list in the database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", help="Logs, or lists; - is standard input.")
        parser.add_argument("--list", action="store_true", help="Print the list and do nothing else.")
        parser.add_argument("--dry-run", action="store_true", help="Count who would go, change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for line in list_erasures():
                self.stdout.write(line)
            return
        for name in options["files"]:
            self.stdout.write(f"{name}: {self.read_file(name)} erasures that the database did not know")
        if options["dry_run"]:
            self.stdout.write(f"Due: persons {len(addresses_to_erase_again())}. Dry run: no one was erased.")
            return
        self.stdout.write(f"Erased again: persons {erase_again()}")

    def read_file(self, name: str) -> int:
        if name == "-":
            return import_erasures(sys.stdin)
        try:
            with Path(name).open(encoding="utf-8", errors="replace") as file:
                return import_erasures(file)
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from None
