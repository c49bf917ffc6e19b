"""A PgBouncer in transaction mode before the PostgreSQL of the tests; script/pgbouncer finds or fetches it.

Each transaction gets another session in turn, so that whatever needs one of its own fails at once.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from config.embedded.postgres import AS_NOBODY
from config.embedded.valkey import free_port
from config.tests.processes import PROJECT, await_that

SESSIONS = 3
SETTINGS = """
[databases]
* = host={host} port={port} user={user}{password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {sessions}
server_round_robin = 1
{more}
"""


@cache
def path() -> str:
    found = subprocess.run([PROJECT / "script/pgbouncer"], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


@contextmanager
def pooled(database_url: str, directory: Path, **more: str) -> Iterator[str]:
    """The URL by which the same database is reached through PgBouncer; `more` are further settings of it."""
    parts, listen = urlsplit(database_url), free_port()
    settings = directory / "pgbouncer.ini"
    settings.write_text(
        SETTINGS.format(
            host=parts.hostname or parse_qs(parts.query)["host"][0],
            port=parts.port or 5432,
            user=parts.username or "",
            password=f" password={parts.password}" if parts.password else "",
            listen=listen,
            sessions=SESSIONS,
            more="\n".join(f"{name} = {value}" for name, value in more.items()),
        )
    )
    as_somebody = AS_NOBODY if os.geteuid() == 0 else ()  # it refuses to run as root
    with (directory / "pgbouncer.log").open("w") as log:
        process = subprocess.Popen([*as_somebody, path(), settings], stderr=log)
    url = f"postgresql://{parts.username}@127.0.0.1:{listen}{parts.path}"
    try:
        await_that(lambda: process.poll() is not None or answers(url))
        assert process.poll() is None
        yield url
    finally:
        process.terminate()
        process.wait(10)


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def open_all_sessions(url: str) -> None:
    """It opens one when a transaction begins and those that it has are taken."""
    with ExitStack() as at_once:
        for _ in range(SESSIONS):
            at_once.enter_context(psycopg.connect(url)).execute("SELECT 1")
