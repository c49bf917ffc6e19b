"""A pytest plugin: before each test the clock of all processes moves to another moment.

libfaketime reads the clock from one file, for this process, PostgreSQL and Valkey alike.
"""

import os
import time
from pathlib import Path
from zlib import crc32

import pytest

from tests.dates.calendar import MOMENTS

CLOCK = Path(os.environ["FAKETIME_TIMESTAMP_FILE"])
ROUND = int(os.environ["DATES_ROUND"])


def set_clock(moment: float) -> None:
    """Move the clock; `moment` in seconds since 1970. It runs on from there."""
    moved = float(CLOCK.read_text())
    CLOCK.write_text(f"{moment - (time.time() - moved):+.0f}\n")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    moment = MOMENTS[(crc32(item.nodeid.encode()) + ROUND) % len(MOMENTS)]
    set_clock(moment.timestamp())
    item.add_report_section("setup", "clock", f"{moment:%Y-%m-%dT%H:%M}")
