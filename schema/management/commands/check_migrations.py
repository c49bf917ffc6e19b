from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from schema.migration_check import Checked, check_migrations, read_exceptions
from schema.migration_rules import RULES


class Command(BaseCommand):
    help = (
        "Check every migration: locks that wait or rewrite a table, NOT NULL without default, a missing "
        "CONCURRENTLY, steps without a way back, and the order add, use, remove. Needs no database."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", metavar="APP/MIGRATION", help="Only these; default: all.")
        parser.add_argument("--rules", action="store_true", help="Print the rules and do nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rules"]:
            for rule, words in RULES.items():
                self.stdout.write(f"{rule}: {words}")
            return
        try:
            checked = check_migrations(read_exceptions())
        except ValueError as error:
            raise CommandError(str(error)) from None
        if unknown := set(options["files"]) - {each.file for each in checked}:
            raise CommandError(f"There is no migration {min(unknown)}.")
        wanted = [each for each in checked if not options["files"] or each.file in options["files"]]
        bad = [each for each in wanted if not each.good]
        for each in bad:
            self.write(each)
        if bad:
            raise CommandError(
                f"{len(bad)} of {len(wanted)} migrations break a rule. Change them, or give a reason in "
                "schema/migration_exceptions.yaml."
            )
        excused = sum(bool(each.excused) for each in wanted)
        self.stdout.write(f"{len(wanted)} migrations are safe, {excused} of them by a reasoned exception.")

    def write(self, checked: Checked) -> None:
        self.stdout.write(f"{checked.file}")
        for line in (*map(str, checked.violations), *checked.problems):
            self.stdout.write(f"  {line}")
