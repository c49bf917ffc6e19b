from typing import Any

from privacy.clearing_command import ClearingCommand
from privacy.scrub import count_due, scrub


class Command(ClearingCommand):
    help = (
        "Scrub every personal value past its retention (run-time setting EMAIL_RETENTION_DAYS), in every "
        "table of the data map. Scores and statistics stay. The same runs hourly by itself."
    )

    def count(self, options: dict[str, Any]) -> dict[str, int]:
        return {due.table: due.rows for due in count_due()}

    def clear(self, options: dict[str, Any]) -> dict[str, int]:
        return {cleared.table: cleared.rows for cleared in scrub(self.progress, thorough=True)}
