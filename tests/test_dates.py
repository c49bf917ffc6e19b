"""The clock of script/dates."""

import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.dates.__main__ import clock_at
from tests.dates.clock import move

LEAP, NEW_YEAR = datetime(2024, 2, 29, 12, tzinfo=UTC), datetime(2099, 12, 31, 12, tzinfo=UTC)
AGES = """
import os, pathlib, sys, time
for line in sys.stdin:
    pathlib.Path(sys.argv[1]).write_text("new")
    time.sleep(0.001)
    print(time.time(), os.stat(sys.argv[1]).st_mtime, flush=True)
"""

pytestmark = [
    pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler"),
    pytest.mark.skipif("CLOCK_MOVED_BY" in os.environ, reason="the clock is moved already"),
]


def test_a_process_and_its_files_follow_the_clock_while_it_moves(tmp_path: Path) -> None:
    clock = clock_at(LEAP, tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", AGES, tmp_path / "file"],
        env={**os.environ, **clock},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        for moment in (LEAP, NEW_YEAR, LEAP):
            move(Path(clock["CLOCK_MOVED_BY"]), moment, time.time())
            process.stdin.write("\n")
            process.stdin.flush()
            now, changed = map(float, process.stdout.readline().split())
            assert abs(now - moment.timestamp()) < 60
            assert 0 <= now - changed < 60
        process.stdin.close()
