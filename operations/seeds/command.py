"""Base class of the commands that write seed data: not in production, unless forced with a reason."""

from abc import abstractmethod
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.web.questionnaires import default_key
from audit.models import SystemLog
from privacy.management.clearing_command import progress_bar
from scorecard import versions
from scorecard.versions import NothingPublished, PublishedVersion


class SeedCommand(BaseCommand):
    name = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--questionnaire", metavar="KEY", help="of which questionnaire (the default one)")
        parser.add_argument("--remove", action="store_true", help="delete what this command wrote")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, change nothing")
        parser.add_argument("--force", action="store_true", help="in production, with a --reason")
        parser.add_argument("--reason", default="", help="why; it is recorded in the system log")

    @abstractmethod
    def run(self, options: dict[str, Any]) -> None: ...

    def handle(self, *args: Any, **options: Any) -> None:
        reason = " ".join(options["reason"].split())[:200]
        if settings.ENVIRONMENT == "production" and not options["dry_run"]:
            if not (options["force"] and reason):
                raise CommandError(
                    f"{self.name} does not write into production. If you mean it: "
                    f'{self.name} --force --reason "why". ENVIRONMENT says where this is.'
                )
            SystemLog.objects.record("seed_forced", "Seed data in production", name=self.name, reason=reason)
        self.run(options)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was changed.")

    def version(self, options: dict[str, Any]) -> PublishedVersion:
        try:
            return versions.current(options["questionnaire"] or default_key())
        except NothingPublished as error:
            raise CommandError(str(error)) from error

    def progress(self, seen: int, whole: int) -> None:
        self.stderr.write(progress_bar(seen, whole))
