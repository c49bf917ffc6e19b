"""Lifecycle of the two services."""

import atexit
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from config.embedded import watchdog
from config.embedded.directory import (
    NOTE,
    SOCKET_NAME,
    claim_directory,
    read_note,
    socket_directory,
    write_note,
)
from config.embedded.postgres import Postgres
from config.embedded.programs import InUse, ServiceError
from config.embedded.valkey import Valkey

JOIN_SECONDS = 20


@dataclass(frozen=True)
class Services:
    """The URLs of both, and the launch id carried by their owner and all its child processes."""

    database_url: str
    redis_url: str
    launch_id: str
    owner: int

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables by which a child process finds the services and is ended with them."""
        return {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            watchdog.VARIABLE: self.launch_id,
        }


@contextmanager
def services(
    directory: Path,
    *,
    durable: bool,
    database_url: str = "",
    redis_url: str = "",
    announcements: Sequence[Path] = (),
) -> Iterator[Services]:
    """Run PostgreSQL and Valkey in `directory` until the block ends; a given URL replaces that server.

    However this process ends, no process with the launch id outlives it by more than ten seconds.
    The files `announcements`, and a directory that is not durable, are removed with them.
    Raises ServiceError if the directory is in use or unusable, or a server does not start.
    """
    directory = directory.absolute()
    given = Services(database_url, redis_url, secrets.token_hex(16), os.getpid())
    with ExitStack() as stack:
        try:
            previous = stack.enter_context(claim_directory(directory, given.launch_id))
            if previous:
                watchdog.end_processes(previous)  # just killed: its processes may still be exiting
            sockets = socket_directory(directory)
            removable = [directory / NOTE, *announcements]
            removable += [] if durable else [directory]
            removable += [] if sockets.parent == directory else [sockets]
            stack.enter_context(watched(given.launch_id, removable))
            found = _start(stack, given, directory, sockets, durable=durable)
            write_note(directory, asdict(found))
        except OSError as error:
            raise ServiceError(f"{error.filename or directory} cannot be used: {error.strerror}.") from error
        yield found


def _start(stack: ExitStack, given: Services, directory: Path, sockets: Path, *, durable: bool) -> Services:
    log = directory / "log"
    log.mkdir(exist_ok=True)
    environment = {"PATH": os.environ.get("PATH", os.defpath), watchdog.VARIABLE: given.launch_id}
    postgres = Postgres(directory / "postgres", sockets, log / "postgres.log", durable, environment)
    valkey = Valkey(directory / "valkey", log / "valkey.log", durable, environment)
    return replace(
        given,
        database_url=given.database_url or stack.enter_context(postgres.running()),
        redis_url=given.redis_url or stack.enter_context(valkey.running()),
    )


@contextmanager
def watched(launch_id: str, removable: list[Path]) -> Iterator[None]:
    """End all processes with `launch_id` when the block ends or this process is killed.

    The files and directories in `removable` are deleted too.
    """
    watchdog.remove_files(removable)  # a killed predecessor may have left stale ones
    command = [sys.executable, "-IS", watchdog.__file__, str(os.getpid()), launch_id, *map(str, removable)]
    process = subprocess.Popen(  # noqa: S603  # our own file
        command,
        cwd="/",
        env={},  # it must not inherit a launch id, its own or an outer launcher's
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        watchdog.clean_up(launch_id, removable)
        process.terminate()
        process.wait()


def running_services(directory: Path) -> Services | None:
    """The services announced for `directory` by a running process; None if they do not respond."""
    note = read_note(directory)
    if note is None:
        return None
    found = Services(**note)
    alive = _alive(found.owner) and _listens(found.database_url) and _listens(found.redis_url)
    return found if alive else None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    directory = parse_qs(parts.query).get("host", [""])[0]
    try:
        if directory.startswith("/"):
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(f"{directory}/{SOCKET_NAME}")
        else:
            default = 6379 if parts.scheme.startswith("redis") else 5432
            socket.create_connection(
                (parts.hostname or "localhost", parts.port or default), timeout=2
            ).close()
    except OSError:
        return False
    return True


def ensure_services(directory: Path) -> Services:
    """The services of `directory`: the running ones, else new ones for the lifetime of this process.

    DATABASE_URL and REDIS_URL in the environment take precedence. Exits with a one-line message on failure.
    """
    database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    deadline = time.monotonic() + JOIN_SECONDS
    while True:
        found = running_services(directory)
        if found:
            return found
        stack = ExitStack()
        try:
            started = stack.enter_context(
                services(directory, durable=True, database_url=database_url, redis_url=redis_url)
            )
        except InUse as error:
            if time.monotonic() > deadline:
                sys.exit(str(error))
        except ServiceError as error:
            sys.exit(str(error))
        else:
            atexit.register(stack.close)
            return started
