import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backups.alarms import alarm
from backups.errors import BackupError
from backups.inspection import inspect
from backups.manifest import parse_manifest
from backups.restoring import restore_dump
from backups.verification import is_signed, verify_backup


class Command(BaseCommand):
    help = (
        "Restore the newest backup into a throw-away PostgreSQL and prove it: age, checksums, schema, "
        "counts, foreign keys, newest rows, sealed values, and that no erased person comes back. Writes a "
        "signed record. The status is 1, and ADMINS are told, when something is wrong or 26 hours old."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="Default: the newest.")
        parser.add_argument("--identity", default="", metavar="FILE", help="Instead of BACKUP_IDENTITY_FILE.")
        parser.add_argument("--json", action="store_true", help="Print the signed record.")
        parser.add_argument("--check", metavar="FILE", help="Only look whether a record was signed here.")
        parser.add_argument("--inside", metavar="DIRECTORY", help="Used by the command itself.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self.check_record(Path(options["check"]))
            return
        if options["inside"]:
            self.look_inside(Path(options["inside"]), Path(options["name"]))
            return
        try:
            found = verify_backup(options["name"], identity_file=options["identity"])
        except BackupError as error:
            alarm("cannot be verified", str(error))
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(found.document(), indent=2))
        else:
            for check in found.checks:
                self.stdout.write(f"{'ok    ' if check.good else 'WRONG '} {check.name}: {check.words}")
        if not found.good:
            bad = ", ".join(check.name for check in found.checks if not check.good)
            alarm("is not good", f"{found.backup}: {bad}.")
            sys.exit(1)

    def check_record(self, file: Path) -> None:
        try:
            document = json.loads(file.read_text())
        except (OSError, ValueError):
            raise CommandError(f"{file} is no record.") from None
        if not is_signed(document):
            raise CommandError(f"{file} was not signed here, or was changed.")
        self.stdout.write(f"{file} was signed here and is unchanged.")

    def look_inside(self, workspace: Path, dump: Path) -> None:
        """In the process that has the throw-away database as its own."""
        manifest = parse_manifest("manifest.json", (workspace / "manifest.json").read_text())
        try:
            restore_dump(manifest, dump, os.environ["DATABASE_URL"])
        except BackupError as error:
            raise CommandError(str(error)) from None
        erasures = (workspace / "erasures.txt").read_text().splitlines()
        checks = [asdict(check) for check in inspect(manifest, erasures)]
        part = workspace / "report.part"
        part.write_text(json.dumps(checks))
        part.rename(workspace / "report.json")
