import time
from argparse import ArgumentParser
from collections import Counter
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.web.questionnaires import default_key
from operations.demo.rows import DemoRows
from operations.demo.writing import demo_assessments, generate, remove
from scorecard import versions
from web.formatting import count_with_noun


class Command(BaseCommand):
    help = (
        "Write N invented assessments with answers, figures and work of sales, to look at and to measure. "
        "The same seed writes the same rows. Nothing of them is mailed or sent to HubSpot; --remove deletes "
        "them and takes them out of the figures. The rows that it reports are those of all tables: "
        "assessments, answers (about eleven for each), figures and work of sales."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="N", type=int, nargs="?", help="how many assessments")
        parser.add_argument("--seed", type=int, default=1, help="of the random numbers (1)")
        parser.add_argument("--days", type=int, default=400, help="how far back they reach (400)")
        parser.add_argument("--until", metavar="DATE", help="the last day, YYYY-MM-DD (today)")
        parser.add_argument("--questionnaire", metavar="KEY", help="of which questionnaire (the default one)")
        parser.add_argument("--remove", action="store_true", help="delete all demonstration data")
        parser.add_argument("--yes", action="store_true", help="do it where DEBUG is off")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or options["yes"]):
            raise CommandError("This looks like production. With --yes it is done all the same.")
        if options["remove"]:
            self.stdout.write(f"{count_with_noun(remove(), 'assessment')} removed.")
            return
        number = options["number"]
        if not number or number < 1 or options["days"] < 1:
            raise CommandError("How many? For example: generate_demo_data 2000")
        if demo_assessments().filter(session_id__startswith=f"demo-{options['seed']}-").exists():
            raise CommandError("Demonstration data of this seed is there. Take another --seed, or --remove.")
        self.write(number, demo_rows(options))

    def write(self, number: int, rows: DemoRows) -> None:
        """Write them and say how many rows of which tables, and how many of these rows a second."""
        began, written = time.monotonic(), Counter[str]()
        for batch in generate(rows, number):
            written += batch
        seconds, total = max(time.monotonic() - began, 0.001), written.total()
        parts = ", ".join(f"{count:,} of {table}" for table, count in written.items())
        self.stdout.write(
            f"{count_with_noun(number, 'assessment')}, {count_with_noun(total, 'row')} in {seconds:.1f} s: "
            f"{count_with_noun(round(total / seconds), 'row')} a second in all tables ({parts})."
        )


def demo_rows(options: dict[str, Any]) -> DemoRows:
    """Return the generator that these options describe. Raises CommandError."""
    try:
        version = versions.current(options["questionnaire"] or default_key())
        now = datetime.fromisoformat(options["until"]) if options["until"] else timezone.now()
    except (ValueError, versions.NothingPublished) as error:
        raise CommandError(str(error)) from error
    now = now if now.tzinfo else timezone.make_aware(now)
    return DemoRows(version, seed=options["seed"], now=now, days=options["days"])
