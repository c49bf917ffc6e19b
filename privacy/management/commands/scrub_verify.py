import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.clearing.verification import GRACE, Verified, is_signed_here, verify_scrub
from web.formatting import count_with_noun

HOURS = int(GRACE.total_seconds() // 3600)


class Command(BaseCommand):
    help = (
        "Read every table of the data map again for what should be gone, and check the chain of "
        "certificates. The result is signed. Ends with status 1 when anything is left or was changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--grace-hours",
            type=int,
            default=HOURS,
            metavar="N",
            help=f"Leave out what became due in the last N hours ({HOURS}): the scrub runs hourly.",
        )
        parser.add_argument("--json", action="store_true", help="Print the signed result as JSON.")
        parser.add_argument(
            "--check",
            metavar="FILE",
            help="Only look whether a printed result (- for standard input) was signed here.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self.check_signature(options["check"])
            return
        if not 0 <= options["grace_hours"] <= 24 * 365:
            raise CommandError("--grace-hours must be between 0 and 8760.")
        found = verify_scrub(timedelta(hours=options["grace_hours"]))
        if options["json"]:
            self.stdout.write(json.dumps(found.document(), indent=2))
        else:
            self.tell(found)
        if not found.clean:
            sys.exit(1)

    def tell(self, found: Verified) -> None:
        for left in found.left:
            self.stdout.write(f"Left: {left.table} {left.column} {count_with_noun(left.rows, 'row')}")
        if found.broken is not None:
            self.stdout.write(f"Certificate {found.broken} is missing or is not as it was sealed.")
        else:
            self.stdout.write(f"{found.certificates:,} certificates, unbroken. Last hash {found.last_hash}")
        if found.left:
            self.stdout.write("Run scrub_pii, cleanup_sessions and migrate, then verify again.")
        else:
            self.stdout.write("Nothing personal is left beyond its retention.")
        if found.dead_rows:
            rows = count_with_noun(found.dead_rows, "deleted or changed row")
            self.stdout.write(f"About {rows} await VACUUM in the files of PostgreSQL: docs/privacy.md.")
        self.stdout.write(f"Signed {found.document()['signature']}")

    def check_signature(self, file: str) -> None:
        try:
            document = json.loads(sys.stdin.read() if file == "-" else Path(file).read_text())
        except OSError:
            raise CommandError("That file cannot be read.") from None
        except ValueError:
            raise CommandError("That is not JSON.") from None
        if not is_signed_here(document):
            raise CommandError("Not signed here, or changed since.")
        self.stdout.write("Signed here and unchanged.")
