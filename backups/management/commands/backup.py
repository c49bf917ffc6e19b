from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backups.alarms import alarm
from backups.errors import BackupError
from backups.keys import write_new_key
from backups.making import make_backup


class Command(BaseCommand):
    help = (
        "Make an encrypted backup of the database and of BACKUP_DIRECTORIES in BACKUP_TO, and delete those "
        "older than BACKUP_KEEP_DAYS."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new-key", metavar="FILE", help="Only make a key pair, the secret one in FILE.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["new_key"]:
                self.stdout.write(f"BACKUP_RECIPIENT={write_new_key(Path(options['new_key']))}")
                self.stderr.write(
                    f"Keep {options['new_key']} away from the backups: without it none can be read."
                )
                return
            made = make_backup()
        except BackupError as error:
            if not options["new_key"]:
                alarm("cannot be made", str(error))
            raise CommandError(str(error)) from None
        size = sum(part.bytes for part in made.parts) / 1e6
        self.stdout.write(f"{made.name}: {size:,.1f} MB in {made.seconds} s.")
        self.stdout.write(f"To read it one needs: {', '.join(made.keys)}.")
