"""Base class of the commands that delete data: count, confirm, show progress, report."""

import sys
from abc import abstractmethod
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from privacy.management.prompts import ask_to_confirm

WIDTH = 20  # characters


class ClearingCommand(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Count what would go, change nothing.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    @abstractmethod
    def count(self, options: dict[str, Any]) -> dict[str, int]:
        """Count what would be cleared now, by name."""

    @abstractmethod
    def clear(self, options: dict[str, Any]) -> dict[str, int]:
        """Clear it; return the counts by name."""

    def handle(self, *args: Any, **options: Any) -> None:
        due = self.count(options)
        self.report("Due", due)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was changed.")
            return
        if not any(due.values()):
            self.stdout.write("Nothing to do.")
            return
        if not options["yes"]:
            ask_to_confirm()
        self.seen, self.whole = 0, self.expected(due)
        done = self.clear(options)
        self.report("Cleared", done)

    def expected(self, due: dict[str, int]) -> int:
        """Return the total that `progress` should reach, barring concurrent changes."""
        return sum(due.values())

    def progress(self, rows: int) -> None:
        """Draw a progress bar on a terminal; no output otherwise."""
        self.seen += rows
        if sys.stderr.isatty():
            self.stderr.write(f"\r{progress_bar(self.seen, self.whole)}", ending="")
            if self.seen >= self.whole:
                self.stderr.write("")

    def report(self, title: str, counts: dict[str, int]) -> None:
        for name, rows in counts.items():
            self.stdout.write(f"{title}: {name} {rows:,}")


def progress_bar(seen: int, whole: int) -> str:
    """Render `[#####---------------]  25 %  1,250 of 5,000`, clamped when rows were added meanwhile."""
    share = min(seen / whole, 1.0) if whole else 1.0
    done = int(share * WIDTH)
    return f"[{'#' * done}{'-' * (WIDTH - done)}] {share:4.0%}  {seen:,} of {max(seen, whole):,}"
