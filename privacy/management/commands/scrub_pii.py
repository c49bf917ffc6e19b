import time
from collections import Counter
from typing import Any

from django.core.management.base import CommandError

from privacy.clearing.scrub import count_due, scrub
from privacy.management.clearing_command import ClearingCommand

ROUNDS, PAUSE = 20, 1.0  # how often, and after how many seconds, to retry locked rows


class Command(ClearingCommand):
    help = (
        "Scrub every personal value past its retention (run-time setting EMAIL_RETENTION_DAYS), in every "
        "table of the data map. Scores and statistics stay. The same runs hourly by itself. Rows that "
        "somebody holds at the moment are waited for; it fails when some are still held in the end."
    )

    def count(self, options: dict[str, Any]) -> dict[str, int]:
        return {due.table: due.rows for due in count_due()}

    def clear(self, options: dict[str, Any]) -> dict[str, int]:
        cleared: Counter[str] = Counter()
        for _ in range(ROUNDS):
            for each in scrub(self.progress, thorough=True):
                cleared[each.table] += each.rows
            left = sum(self.count(options).values())
            if not left:
                return dict(cleared)
            time.sleep(PAUSE)
        raise CommandError(
            f"{left:,} rows are held by another program. The hourly scrub comes back for them."
        )
