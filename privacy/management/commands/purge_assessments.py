from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError

from privacy.clearing.purge import count_old, purge
from privacy.management.clearing_command import ClearingCommand


class Command(ClearingCommand):
    help = (
        "Delete assessments older than so many days with their responses, sessions and queue items. "
        "Leads that have not reached HubSpot yet stay, unless --include-undelivered. Statistics stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--older-than-days", type=int, required=True, metavar="N")
        parser.add_argument(
            "--include-undelivered",
            "--with-open-deliveries",  # its name in 0.1.0
            action="store_true",
            dest="include_undelivered",
            help="Also leads that wait for HubSpot: they are lost.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["older_than_days"] <= 36_500:
            raise CommandError("--older-than-days must be between 1 and 36500.")
        super().handle(*args, **options)

    def count(self, options: dict[str, Any]) -> dict[str, int]:
        return asdict(
            count_old(options["older_than_days"], include_undelivered=options["include_undelivered"])
        )

    def expected(self, due: dict[str, int]) -> int:
        return due["assessments"]

    def clear(self, options: dict[str, Any]) -> dict[str, int]:
        try:
            purged = purge(
                options["older_than_days"],
                include_undelivered=options["include_undelivered"],
                progress=self.progress,
            )
        except DatabaseError as error:
            raise CommandError(
                f"The database stopped the purge ({type(error).__name__}). The system log says how far it "
                "came; run it again to continue."
            ) from error
        return asdict(purged)
