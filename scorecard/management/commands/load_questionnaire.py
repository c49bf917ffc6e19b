from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from scorecard.content.files import ContentErrors, read_questionnaire
from scorecard.content.loading import load_draft
from scorecard.models import Questionnaire, QuestionnaireVersion
from scorecard.problems import QuestionnaireErrors
from scorecard.publishing import publish


class Command(BaseCommand):
    help = (
        "Make a draft questionnaire equal to a YAML file; run twice, the second time changes nothing. "
        "With --publish the draft becomes the version that the form shows. Errors are listed by line, "
        "and then nothing is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="for example scorecard/content/ai_reality_check.yaml")
        parser.add_argument("--publish", action="store_true", help="publish the draft as well")
        parser.add_argument(
            "--drop-language",
            action="append",
            default=[],
            metavar="CODE",
            help="a language that may go because its file is gone",
        )

    def handle(self, *, file: Path, publish: bool, drop_language: Sequence[str] = (), **_: object) -> None:
        try:
            self._load(file, publishing=publish, dropping=drop_language)
        except ContentErrors as errors:
            self._refuse(errors.lines)
        except QuestionnaireErrors as errors:
            self._refuse([f"{file}: {problem}" for problem in errors.problems])

    def _load(self, file: Path, *, publishing: bool, dropping: Collection[str]) -> None:
        content = read_questionnaire(file, publishable=publishing)
        if lost := sorted(languages_of(content.key) - content.translations.keys() - set(dropping)):
            self._refuse(
                f"{file.with_name(f'{file.stem}.{code}{file.suffix}')} is missing, and the questionnaire has "
                f"this language now. Put the file there, or say --drop-language {code}."
                for code in lost
            )
        with transaction.atomic():
            loaded = load_draft(content)
            version = publish(loaded.questionnaire).number if publishing else None
        for change in loaded.changes:
            self.stdout.write(change)
        if not loaded.changes:
            self.stdout.write(f"{content.key}: the draft is up to date")
        self.stdout.write(f"{content.key}: {self._state(loaded.questionnaire, version)}")

    def _state(self, questionnaire: Questionnaire, version: int | None) -> str:
        if version is not None:
            return f"version {version} is published"
        latest = questionnaire.versions.order_by("-number").first()
        stands = f"version {latest.number} stays published" if latest else "nothing is published yet"
        return f"{stands}; --publish publishes the draft"

    def _refuse(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stderr.write(line)
        raise SystemExit(1)


def languages_of(key: str) -> set[str]:
    """The languages into which the draft, or the latest version, is translated."""
    drafted = Questionnaire.objects.filter(key=key).values_list("translations", flat=True)
    latest = QuestionnaireVersion.objects.filter(questionnaire__key=key).order_by("-number")
    published = latest.values_list("definition__translations", flat=True).first() or []
    return {*(item["language"] for item in published), *(code for found in drafted for code in found)}
