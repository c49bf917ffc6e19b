"""A clock that can be moved while processes look at it: `clock.c` in each, and the file that they share."""

import struct
import subprocess
from datetime import datetime
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")
SECONDS = struct.Struct("q")


def build_library(path: Path) -> None:
    """Compile what LD_PRELOAD names. Raises FileNotFoundError without a C compiler."""
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", path, SOURCE], check=True, capture_output=True)


def new_file(path: Path) -> None:
    path.write_bytes(SECONDS.pack(0))


def moved_by(path: Path) -> int:
    """Seconds from the true clock to the moved one."""
    (seconds,) = SECONDS.unpack(path.read_bytes())
    return int(seconds)


def move(path: Path, moment: datetime, now: float) -> None:
    """Make it `moment` for all who follow the file; `now` is the true time in seconds since 1970."""
    with path.open("r+b") as file:  # in place: others have it mapped
        file.write(SECONDS.pack(round(moment.timestamp() - now)))
