import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import timezone

from leads.admin.figures_page import COMPARED, asked, computed
from leads.figures.segment import SEGMENTS
from operations.doctor.table_sizes import table_sizes
from operations.figures import all_figures
from privacy.clearing.undelivered_alarm import leads_at_risk


class Command(BaseCommand):
    help = (
        "Print every figure of the dashboard as JSON, how many leads will be scrubbed undelivered, and the "
        "size of each table; with a period or a segment, the figures of that, as the page Figures shows them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", metavar="DAY", help="2026-11-01, or 2026-11")
        parser.add_argument("--until", metavar="DAY", help="the last day, or the last month")
        parser.add_argument("--compare", choices=[name for name in COMPARED if name])
        parser.add_argument(
            "--segment",
            metavar="NAME=VALUE",
            action="append",
            default=[],
            help=f"{', '.join(SEGMENTS)}; may be repeated",
        )
        parser.add_argument("--marked", action="store_true", help="count doubtful ones and tests too")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("first", "until", "compare", "segment", "marked")
        if any(options[name] for name in names):
            self.stdout.write(json.dumps(of_period(options), indent=2))
            return
        found = all_figures(timezone.now()) | {
            "at_risk": [asdict(leads_at_risk())],
            "table_sizes": [asdict(size) for size in table_sizes()],
        }
        self.stdout.write(json.dumps(found, indent=2))


def of_period(options: dict[str, Any]) -> dict[str, Any]:
    """The figures of the period and segment that these options name. Raises CommandError."""
    query = QueryDict(mutable=True)
    for name, value in (("from", options["first"]), ("until", options["until"])):
        query[name] = value or ""
    query["compare"] = options["compare"] or ""
    query["marked"] = "1" if options["marked"] else ""
    for pair in options["segment"]:
        name, equals, value = pair.partition("=")
        if not equals or name not in SEGMENTS:
            raise CommandError(f"{pair!r} is no segment: write NAME=VALUE with one of {', '.join(SEGMENTS)}.")
        query.appendlist(name, value)
    wanted = asked(query)
    if wanted.problem:
        raise CommandError(wanted.problem)
    return computed(wanted)
