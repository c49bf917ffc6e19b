from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scorecard.content.exporting import write_files
from scorecard.definition import parse
from scorecard.models import QuestionnaireVersion


class Command(BaseCommand):
    help = "Write a published version of a questionnaire as the YAML files that load_questionnaire reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="of the questionnaire, for example ai_reality_check")
        parser.add_argument("--number", type=int, help="of the version; without it, the latest")
        parser.add_argument("--to", type=Path, default=Path(), help="a folder; without it, the current one")

    def handle(self, *, key: str, number: int | None, to: Path, **_: Any) -> None:
        found = QuestionnaireVersion.objects.filter(definition__key=key).order_by("-number")
        version = (found.filter(number=number) if number else found).first()
        if version is None:
            raise CommandError(f"No such version of {key!r} is published.")
        if not to.is_dir():
            raise CommandError(f"{to} is not a folder.")
        for file in write_files(parse(version.definition), to):
            self.stdout.write(str(file))
