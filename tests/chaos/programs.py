"""Processes of the product, each with a process group of its own that can be killed as one."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from honcho.environ import parse_procfile

from config.tests.processes import PROJECT

PROCFILE: dict[str, str] = parse_procfile((PROJECT / "Procfile").read_text()).processes
CELERY = " celery "


@dataclass
class Program:
    """A shell command that is started again after each death; it may have another one for each life.

    `deaths` are those nobody asked for, `died` is when the last one was noticed (monotonic seconds).
    """

    name: str
    lives: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    deaths: int = 0
    died: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", f"exec env {self.command}"],
                cwd=PROJECT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def command(self) -> str:
        """Of this life; the last one lasts."""
        return self.lives[min(self.deaths, len(self.lives) - 1)]

    def keep_up(self) -> None:
        """Start it again when it is dead."""
        if not self.alive:
            self.deaths += 1
            self.died = time.monotonic()
            self.kill()
            self.start()

    @property
    def pid(self) -> int:
        assert self.process, f"{self.name} was never started"
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """The whole group, at once."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self, seconds: float = 5) -> None:
        """Ask, wait so long, and kill."""
        if self.process and self.alive:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        self.kill()


@dataclass(frozen=True)
class Helper:
    """A program of ours in the background; what it prints goes to a file, so that it never waits for us."""

    process: subprocess.Popen[bytes]
    output: Path

    @property
    def lines(self) -> list[str]:
        return self.output.read_text().splitlines()

    @property
    def gone(self) -> bool:
        return self.process.poll() is not None

    def finish(self, seconds: float) -> list[str]:
        """What it printed, once it is over. Raises CalledProcessError when it failed."""
        if self.process.wait(seconds):
            raise subprocess.CalledProcessError(self.process.returncode, self.output.stem)
        return self.lines


def children(pid: int) -> list[int]:
    """Process ids of the living children of a process, of all its threads."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, thread.read_text().split())
    return found


def command_line(pid: int) -> list[str]:
    """The words with which a process was started, programs without their directory; none when it is gone."""
    with suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        return [word.rpartition("/")[2] for word in words if word]
    return []


def production(name: str) -> str:
    """The command of the Procfile."""
    return PROCFILE[name]


def dying(*options: str) -> str:
    """The worker of the Procfile inside our wrapper: see tests/chaos/worker.py."""
    wrapper = shlex.join([sys.executable, "-m", "tests.chaos.within", "tests.chaos.worker", *options, "--"])
    return PROCFILE["worker"].replace(CELERY, f" {wrapper} ", 1)
