import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from monitoring.findings import Finding, Level, worst
from operations.doctor.examination import health_checks, run_checks


class Command(BaseCommand):
    help = (
        "Examine every part of the product: what is green, amber or red, by which threshold, why, and what "
        "to do. The status is 1 when something is red (--strict: amber too)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")
        parser.add_argument("--strict", action="store_true", help="Amber gives status 1 too.")
        parser.add_argument("--local", action="store_true", help="Do not ask HubSpot, mail server and DNS.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = run_checks(health_checks(external=False if options["local"] else None))
        status = worst(found)
        if options["json"]:
            findings = [finding.as_json() for finding in found]
            report = {"status": status.value, "at": timezone.now().isoformat(), "checks": findings}
            self.stdout.write(json.dumps(report, indent=2))
        else:
            self.write_words(found)
        if status is Level.RED or (status is Level.AMBER and options["strict"]):
            sys.exit(1)

    def write_words(self, found: list[Finding]) -> None:
        style = {
            Level.GREEN: self.style.SUCCESS,
            Level.AMBER: self.style.WARNING,
            Level.RED: self.style.ERROR,
        }
        for each in found:
            line = f"{each.level.value:<6} {each.area}, {each.name}: {each.value}"
            self.stdout.write(style[each.level](line))
            if each.level is not Level.GREEN:
                notes = (each.reason, each.fix, f"({each.threshold})" if each.threshold else "")
                self.stdout.write(f"       {' '.join(filter(None, notes))}")
        bad = [each for each in found if each.level is not Level.GREEN]
        self.stdout.write(f"{len(found)} checks, {len(bad)} not green: {worst(found).value}.")
