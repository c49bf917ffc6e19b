"""Programs from wheels: finding, starting and stopping them."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from types import FrameType


class ServiceError(Exception):
    """A service cannot run. The message is one line for the operator: the problem and the fix."""


class InUse(ServiceError):
    """Another living process owns the directory."""


def packaged_program(package: str, pattern: str) -> str:
    """The path of a program in an installed package, without importing it.

    Raises ServiceError if it is missing.
    """
    spec = find_spec(package)
    for location in (spec and spec.submodule_search_locations) or ():
        for path in Path(location).glob(pattern):
            return str(path)
    raise ServiceError(
        f"{package} ({pattern}) is not installed. Run script/server, or set DATABASE_URL and REDIS_URL."
    )


def spawn(
    command: Sequence[str], *, log: Path, environment: Mapping[str, str], feed: str = ""
) -> subprocess.Popen[bytes]:
    """Start a service that appends to `log`, with `feed` as its standard input."""
    with log.open("ab") as output, TemporaryFile() as food:
        food.write(feed.encode())
        food.seek(0)
        return subprocess.Popen(  # noqa: S603  # our own programs and arguments
            command,
            cwd="/",
            env=dict(environment),
            stdin=food,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C must reach only the launcher, which stops its services last
        )


def stop_process(process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> None:
    """Ask the service to stop with signal `number`; kill it after five seconds."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run_in_foreground(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run `command` in this terminal and forward signals to it.

    Returns its exit code, or 128 + n if it was ended by signal n.
    """
    process = subprocess.Popen(command, env=dict(environment))  # noqa: S603  # the caller's command is the point

    def pass_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends Ctrl-C to the command itself
    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGHUP, pass_on)
    code = process.wait()
    return code if code >= 0 else 128 - code
