from typing import Any

from django.core.management.base import CommandParser

from privacy.management.prompts import PersonCommand, ask_to_confirm
from privacy.requests.erasure import erase
from privacy.requests.person import by_address
from privacy.requests.personal_data import personal_data_of


class Command(PersonCommand):
    help = (
        "Erase a person here at once and in HubSpot through its queue. The e-mail address is read from "
        "standard input, and may be unknown here."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Count what would go, change nothing.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        address = self.ask_address()
        for table in personal_data_of(by_address(address)):
            self.stdout.write(f"Held: {table.name} {len(table.rows):,}")
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was changed.")
            return
        if not options["yes"]:
            ask_to_confirm()
        erased = erase(address, asked_by="command")
        for name, rows in erased.rows.items():
            self.stdout.write(f"Cleared: {name} {rows:,}")
        self.stdout.write(f"Erasure {erased.line.pk}: done here; HubSpot will follow.")
