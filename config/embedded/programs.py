"""The programs that come inside wheels, and how they are started and stopped."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile


class ServiceError(Exception):
    """A service cannot run. The message is one line for the operator: what is wrong and the fix."""


class InUse(ServiceError):
    """Another living process owns the directory."""


def packaged(package: str, pattern: str) -> str:
    """The path of a program inside an installed package, which is not imported.

    Raises ServiceError when it is not there.
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
    """Start a service that appends to `log`; `feed` is all it gets to read."""
    with log.open("ab") as output, TemporaryFile() as food:
        food.write(feed.encode())
        food.seek(0)
        return subprocess.Popen(  # noqa: S603 (our own programs and arguments)
            command,
            cwd="/",
            env=dict(environment),
            stdin=food,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the launcher, which stops its services last
        )


def stop(process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> None:
    """Ask the service to stop with signal `number`; kill it after five seconds."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
