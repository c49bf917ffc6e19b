from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from scorecard.content.files import check_files


class Command(BaseCommand):
    help = (
        "List what is wrong with a questionnaire's YAML file and what may be: errors, which keep it from "
        "being published, and warnings. Ends with 1 if there is an error. Nothing is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="for example scorecard/content/ai_reality_check.yaml")

    def handle(self, *, file: Path, **_: object) -> None:
        found = check_files(file)
        for line in found.lines:
            self.stdout.write(line)
        if found.checked and (totals := found.checked.totals):
            self.stdout.write(f"totals lie from {totals.smallest} to {totals.largest}")
        if not found.is_publishable:
            raise SystemExit(1)
        self.stdout.write(f"{file}: can be published")
