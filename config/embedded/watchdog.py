"""End the orphaned processes of a dead launcher: `watchdog.py PARENT_PID LAUNCH_ID [PATH...]`.

Exactly the processes started by a launcher have its LAUNCH_ID in their environment. This file runs as a
separate process in its own session and watches its parent, because SIGKILL cannot be caught. Standard
library only: it must start in milliseconds.
"""

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "LAUNCH_ID"
INTERVAL = 0.5

# On SIGTERM PostgreSQL waits for clients to disconnect; on SIGINT it shuts down immediately.
STEPS = ((signal.SIGTERM, 2.0), (signal.SIGINT, 3.0), (signal.SIGKILL, 3.0))


def processes_of(launch_id: str) -> list[int]:
    """The ids of all other running processes with `launch_id` in their environment."""
    mark = f"{VARIABLE}={launch_id}".encode()
    return [pid for pid, environment in _environments() if mark in environment.split(b"\0")]


def _environments() -> Iterator[tuple[int, bytes]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            # Already gone, or another user's: not ours in either case.
            with contextlib.suppress(OSError):
                yield int(entry.name), (entry / "environ").read_bytes()


def end_processes(launch_id: str) -> None:
    """Terminate every process with `launch_id`, and kill those that remain after five seconds."""
    for number, patience in STEPS:
        deadline = time.monotonic() + patience
        for pid in processes_of(launch_id):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        while processes_of(launch_id):
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        else:
            return


def clean_up(launch_id: str, paths: list[Path]) -> None:
    """Remove the files that announce the services, end the processes, remove their directories."""
    remove_files(paths)
    end_processes(launch_id)
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)


def remove_files(paths: list[Path]) -> None:
    """Remove those of `paths` that are files."""
    for path in paths:
        if path.is_file():
            path.unlink()


def watch_parent(parent: int, launch_id: str, paths: list[Path]) -> None:
    """Wait until `parent` is gone, then clean up for it."""
    while os.getppid() == parent:
        time.sleep(INTERVAL)
    clean_up(launch_id, paths)


if __name__ == "__main__":
    watch_parent(int(sys.argv[1]), sys.argv[2], [Path(name) for name in sys.argv[3:]])
