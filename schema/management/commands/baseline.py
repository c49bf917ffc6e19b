import logging
from datetime import timedelta
from typing import Any

from django.core.mail import mail_admins
from django.core.management.base import BaseCommand, CommandError, CommandParser

from queues.alarms import first_within
from schema.baseline import compare_baseline, record_baseline

DRIFTED = "baseline_drifted"

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Record how long the ten hottest statements take, or compare with what was recorded last: status 1, "
        "and ADMINS are told, when one takes over twice as long."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["record", "compare"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "record":
            for name, milliseconds in record_baseline().items():
                self.stdout.write(f"{name}: {milliseconds:.2f} ms")
            return
        try:
            found = compare_baseline()
        except LookupError:
            raise CommandError("No baseline was recorded. Run: script/manage baseline record") from None
        for each in found:
            self.stdout.write(str(each))
        slower = [str(each) for each in found if each.is_slower]
        if slower:
            logger.error("%s: %d statements are slower than the baseline", DRIFTED, len(slower))
            if first_within(timedelta(hours=1), DRIFTED, "Statements are slower", cause="slower"):
                mail_admins("Statements are slower than the baseline", "\n".join(slower), fail_silently=True)
            raise CommandError(f"{len(slower)} of {len(found)} statements are slower than the baseline.")
