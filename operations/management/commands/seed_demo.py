from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from operations.demo import MARK
from operations.demo.rows import DemoRows
from operations.demo.writing import demo_assessments, generate, remove
from operations.seeds.command import SeedCommand
from web.formatting import count_with_noun


class Command(SeedCommand):
    name = "seed_demo"
    help = (
        "Fill the product with invented assessments, as many as --number says in all; what is there already "
        "stays. Nothing of them is mailed or sent to HubSpot. --remove deletes them and takes them out of "
        "the figures."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--number", type=int, default=500, help="how many there shall be (500)")
        parser.add_argument("--seed", type=int, default=1, help="of the random numbers (1)")
        parser.add_argument("--days", type=int, default=400, help="how far back they reach (400)")

    def run(self, options: dict[str, Any]) -> None:
        if options["number"] < 1 or options["days"] < 1:
            raise CommandError("How many? For example: seed_demo --number 500")
        self.remove(options) if options["remove"] else self.seed(options)

    def remove(self, options: dict[str, Any]) -> None:
        dry = options["dry_run"]
        removed = demo_assessments().count() if dry else remove()
        said = count_with_noun(removed, "assessment")
        self.stdout.write(f"{said} {'would be removed' if dry else 'removed'}.")

    def seed(self, options: dict[str, Any]) -> None:
        version, seed, number = self.version(options), options["seed"], options["number"]
        there = demo_assessments().filter(session_id__startswith=f"{MARK}{seed}-").count()
        lacking = max(0, number - there)
        if lacking and not options["dry_run"]:
            rows = DemoRows(version, seed=seed, now=timezone.now(), days=options["days"])
            for _ in rows.rows(0, there):  # drawn again, so that the next ones are others
                pass
            seen = 0
            for batch in generate(rows, lacking, first=there):
                seen += batch.total()
                self.stderr.write(f"{count_with_noun(seen, 'row')} written")
        said = f"{count_with_noun(lacking, 'assessment')} {'would be made' if options['dry_run'] else 'made'}"
        self.stdout.write(f"{said}; {there} of this seed were there already.")
