"""`python -m tests.game_day [CASE...]`: a product of real processes, then every case, or those named."""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import django

from tests.chaos.world import world
from tests.game_day.alerts import TOKEN

SIZE = "1500m"  # of the disk that is filled


def main(names: list[str]) -> int:
    with ExitStack() as stack:
        small_disk(stack)
        found = stack.enter_context(world())
        os.environ |= found.environment | {"METRICS_TOKEN": TOKEN}
        django.setup()
        return int(import_module("tests.game_day.cases").main(found, names))


def small_disk(stack: ExitStack) -> None:
    """As root everything of this product lies on a file system of its own, which can be filled."""
    if os.geteuid():
        return
    directory = Path(tempfile.mkdtemp(prefix="game-day-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(directory)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        directory.rmdir()
        return
    stack.callback(directory.rmdir)
    stack.callback(subprocess.run, ["umount", "--lazy", str(directory)], check=False)
    tempfile.tempdir = str(directory)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
