import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = (
        "Prove that nothing personal is left: people with a mark in every field go every way through a "
        "throw-away product on this machine, and dump, Redis, logs, files are searched for them before and "
        "after the scrub. Touches no real data. Needs what script/test installs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=200)

    def handle(self, *args: Any, **options: Any) -> None:
        flown = subprocess.run(  # noqa: S603  # fixed arguments
            [sys.executable, "-m", "tests.canary", "--people", str(options["people"])],
            cwd=settings.BASE_DIR,
            check=False,
        )
        if flown.returncode:
            raise CommandError("The canary found something, or could not run. The lines above say what.")
