from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from schema.catalogue import read_catalogue
from schema.document.pages import pages
from schema.validation import unused_indexes, validate

FOLDER = Path(settings.BASE_DIR) / "docs/schema"


class Command(BaseCommand):
    help = (
        "Write docs/schema/ from the models, the live catalogue and the notes beside the models, and "
        "validate the "
        "schema. With --check nothing is written: status 1 when the pages are not what the database says."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Compare, write nothing.")
        parser.add_argument("--to", default=str(FOLDER), metavar="FOLDER")
        parser.add_argument(
            "--unused", action="store_true", help="List indexes that no statement has read: after a workload."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["unused"]:
            self.stdout.write("\n".join(unused_indexes()) or "Every index has been read.")
            return
        tables, folder = read_catalogue(), Path(options["to"])
        wanted = pages(tables)
        if options["check"]:
            self.compare(folder, wanted)
        else:
            write(folder, wanted)
            self.stdout.write(f"{len(wanted)} pages in {folder}")
        problems = [f"{rule}: {each}" for rule, found in validate(tables).items() for each in found]
        if problems:
            raise CommandError("\n".join(["The schema breaks its rules.", *problems]))

    def compare(self, folder: Path, wanted: dict[str, str]) -> None:
        there = {str(file.relative_to(folder)) for file in folder.rglob("*.*")}
        differ = [
            name for name, text in wanted.items() if name not in there or (folder / name).read_text() != text
        ]
        left_over = sorted(there - wanted.keys())
        if differ or left_over:
            names = ", ".join(sorted([*differ, *left_over])[:8])
            raise CommandError(
                f"docs/schema is not what the database says: {names}. Run: script/manage schema_document"
            )
        self.stdout.write(f"{len(wanted)} pages are what the database says.")


def write(folder: Path, wanted: dict[str, str]) -> None:
    """Write each page, and remove those of tables that are gone."""
    for name, text in wanted.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for file in folder.rglob("*.*"):
        if str(file.relative_to(folder)) not in wanted:
            file.unlink()
