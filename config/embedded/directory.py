"""The data directory of a pair of services: a lock for its only owner, a note of the running services."""

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from config.embedded.programs import InUse

NOTE = "services.json"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_BYTES = 107  # the longest path of a Unix socket on Linux


@contextmanager
def claim_directory(directory: Path, launch_id: str, *, patience: float = 1.0) -> Iterator[str]:
    """Hold the directory's lock, which the kernel releases however this process ends.

    Yields the launch id of the previous holder, "" if there was none.
    Raises InUse, naming the holder, when another process holds it for `patience` seconds.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (directory / "lock").open("a+") as lock:
        deadline = time.monotonic() + patience
        while not _locked(lock.fileno()):
            if time.monotonic() > deadline:
                pid, _ = _holder(lock)
                raise InUse(f"{directory} is in use by process {pid}. Stop that one first.")
            time.sleep(0.05)
        _, previous = _holder(lock)
        lock.truncate(0)
        lock.write(f"{os.getpid()} {launch_id}")
        lock.flush()
        yield previous


def _holder(lock: TextIO) -> tuple[str, str]:
    lock.seek(0)
    pid, _, launch_id = lock.read().partition(" ")
    return pid, launch_id


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_note(directory: Path, content: dict[str, Any]) -> None:
    """Write the note of the running services, readable by its user only."""
    part = directory / f"{NOTE}.part"
    part.touch(mode=0o600)
    part.write_text(json.dumps(content, indent=2))
    part.replace(directory / NOTE)


def read_note(directory: Path) -> dict[str, Any] | None:
    """The note of the last owner, which may have died; None if it is absent or incomplete."""
    try:
        content: dict[str, Any] = json.loads((directory / NOTE).read_text())
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return None
    return content


def socket_directory(directory: Path) -> Path:
    """A private directory for the Unix socket: below `directory`, or temporary if that path is too long."""
    inside = directory / "socket"
    if len(os.fsencode(inside / SOCKET_NAME)) > SOCKET_BYTES:
        return Path(tempfile.mkdtemp(prefix="pg-"))
    inside.mkdir(mode=0o700, exist_ok=True)
    return inside
