import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backups.errors import BackupError
from backups.manifest import ENDING
from backups.places import backup_place, in_order
from backups.restoring import opened_backup, restore_dump

AFTERWARDS = """\
Restored. Before the form opens:
  script/manage migrate
  script/manage suppress_restored erased.txt   # the list that `suppress_restored --list` printed, or logs
  script/manage scrub_pii"""


class Command(BaseCommand):
    help = (
        "Restore a backup of BACKUP_TO into an empty database, by default the newest into DATABASE_URL. It "
        "is compared with its checksums first, and restored whole or not at all."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="As --list shows it; default: the newest.")
        parser.add_argument("--list", action="store_true", help="Print the backups, newest first.")
        parser.add_argument("--to", metavar="URL", default="", help="Default: DATABASE_URL.")
        parser.add_argument("--identity", default="", metavar="FILE", help="For BACKUP_IDENTITY_FILE.")
        parser.add_argument(
            "--dump",
            default="",
            metavar="FILE",
            help="Only write the decrypted dump.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["list"]:
                for name in in_order(backup_place().names(), ENDING):
                    self.stdout.write(name.removesuffix(ENDING))
                return
            with opened_backup(options["name"], identity_file=options["identity"]) as (manifest, dump):
                if options["dump"]:
                    self.keep(dump, Path(options["dump"]))
                    return
                restore_dump(manifest, dump, options["to"])
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{manifest.name}\n{AFTERWARDS}")

    def keep(self, dump: Path, target: Path) -> None:
        try:
            with dump.open("rb") as source, target.open("xb") as file:
                target.chmod(0o600)
                shutil.copyfileobj(source, file, 1 << 20)
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{target} holds personal data in plain text: delete it afterwards.")
