"""A pytest plugin: before each test the clock of all processes moves to another moment."""

import os
import time
from pathlib import Path
from zlib import crc32

import pytest

from tests.dates.calendar import MOMENTS
from tests.dates.clock import move, moved_by

CLOCK = Path(os.environ["CLOCK_MOVED_BY"])
ROUND = int(os.environ["DATES_ROUND"])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    moment = MOMENTS[(crc32(item.nodeid.encode()) + ROUND) % len(MOMENTS)]
    move(CLOCK, moment, time.time() - moved_by(CLOCK))
    item.add_report_section("setup", "clock", f"{moment:%Y-%m-%dT%H:%M}")
