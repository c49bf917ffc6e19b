import csv
import json
from dataclasses import asdict, fields
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from privacy.datamap.processing_register import RegisterEntry, map_version, register_entries
from privacy.datamap.vocabulary import DataClass


class Command(BaseCommand):
    help = (
        "Print where personal data lives, on what ground, who gets it and when it goes. "
        "--format csv or json is the record of processing, with every column."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=("text", "csv", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["format"])(register_entries())

    def text(self, found: list[RegisterEntry]) -> None:
        """Print the columns with personal data, table by table."""
        table = ""
        for entry in found:
            if entry.kind == DataClass.PLAIN:
                continue
            if entry.table != table:
                table = entry.table
                self.stdout.write(f"\n{table}: {entry.purpose}")
                self.stdout.write(f"  {entry.legal_basis}; kept {entry.retention}")
            name = f"{entry.column}.{entry.key}" if entry.key else entry.column
            to = f", goes to {entry.recipients}" if entry.recipients else ""
            self.stdout.write(f"  {name:24} {entry.kind:14} {entry.rule}{to}")
        self.stdout.write(f"\nVersion of the map: {map_version()}")

    def csv(self, found: list[RegisterEntry]) -> None:
        writer = csv.writer(self.stdout)
        writer.writerow(field.name for field in fields(RegisterEntry))
        writer.writerows(asdict(entry).values() for entry in found)

    def json(self, found: list[RegisterEntry]) -> None:
        document = {"version": map_version(), "columns": [asdict(entry) for entry in found]}
        self.stdout.write(json.dumps(document, indent=2))
