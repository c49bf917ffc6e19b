"""The whole product in real processes, for tests that drive it from outside."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis
import requests

from config.embedded.valkey import free_port
from config.tests.processes import PROJECT, await_that, launch
from tests.migrated import program

FRESH = dict.fromkeys(
    ("DATABASE_URL", "REDIS_URL", "HUBSPOT_BASE_URL", "HUBSPOT_TOKEN", "SECRET_KEY", "HOST"), ""
)
PLAIN = {"FIELD_ENCRYPTION_KEYS": "none"}  # encrypted values cannot be searched for


@dataclass
class Product:
    """A running product: its directory, its addresses, and what its processes have printed."""

    directory: Path
    process: subprocess.Popen[str]
    output: list[str] = field(default_factory=list)

    @property
    def urls(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.directory / "urls.json").read_text())
        return found

    @property
    def services(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.directory / "services.json").read_text())
        return found

    def manage(self, *command: str, typed: str = "") -> str:
        """What a management command prints, given this to read; raises CalledProcessError when it fails."""
        return self._python("manage.py", *command, typed=typed)

    def script_manage(self, *command: str) -> str:
        """The same by way of script/manage, which is told nothing but the directory."""
        line = [sys.executable, "-m", "config.launcher.manage", "--directory", str(self.directory), *command]
        environment = {**os.environ, **FRESH}
        return subprocess.run(
            line, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    def run(self, module: str, *arguments: str) -> str:
        """The same of a module."""
        return self._python("-m", module, *arguments)

    def _python(self, *command: str, typed: str = "") -> str:
        secret = json.loads((self.directory / "secrets.json").read_text())
        environment = {
            "DEBUG": "true",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self.services["database_url"],
            "REDIS_URL": self.services["redis_url"],
            "SECRET_KEY": secret["SECRET_KEY"],
            **PLAIN,
        }
        return subprocess.run(
            [sys.executable, *command],
            cwd=PROJECT,
            env={**os.environ, **environment},
            input=typed,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout

    def hubspot(self) -> dict[str, Any]:
        """Everything the simulator holds."""
        state: dict[str, Any] = requests.get(f"{self.urls['hubspot']}_simulator/state", timeout=5).json()
        return state

    def move_clock(self, days: int) -> None:
        """Let so many days pass: every time in every table of ours moves back."""
        with psycopg.connect(self.services["database_url"]) as connection, connection.cursor() as cursor:
            pass_time(cursor, days=days)

    def everything_kept(self) -> dict[str, bytes]:
        """All that the product has written down anywhere, HubSpot's own account apart, by place."""
        dump = subprocess.run(
            [program("pg_dump"), self.services["database_url"]], capture_output=True, check=True
        ).stdout
        kept = {"database dump": dump, "output": "".join(self.output).encode()}
        for number in range(16):
            with redis.Redis.from_url(self.services["redis_url"], db=number) as client:
                kept[f"redis {number}"] = b"".join(
                    key + (client.dump(key) or b"") for key in client.scan_iter()
                )
        for path in self.directory.rglob("*"):
            hubspots_own = "hubspot.json" in path.name  # and what it becomes while it is written
            if path.is_file() and "postgres" not in path.parts and not hubspots_own:
                kept[str(path.relative_to(self.directory))] = path.read_bytes()
        return kept

    def table_files(self) -> bytes:
        """The files of all tables and indexes, once VACUUM (FULL) has removed the rows that are dead."""
        with psycopg.connect(self.services["database_url"], autocommit=True) as connection:
            connection.execute("VACUUM (FULL)")
            connection.execute("CHECKPOINT")
        paths = [path for path in self.directory.rglob("base/*/*") if path.is_file()]
        assert paths
        return b"\n".join(path.read_bytes() for path in paths)


def pass_time(cursor: Any, *, days: int) -> None:
    """Every time in every table of ours moves back, in the transaction of this cursor.

    Triggers sleep meanwhile: what may never change does, and nothing of it is an event.
    """
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute(
        "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'timestamp with time zone'"
        " AND table_name <> 'questionnaire_versions' GROUP BY table_name"
    )
    for table, columns in cursor.fetchall():
        changes = ", ".join(f'"{name}" = "{name}" - make_interval(days => {days})' for name in columns)
        cursor.execute(f'UPDATE "{table}" SET {changes}')
    cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@contextmanager
def running(directory: Path, **environment: str) -> Iterator[Product]:
    """script/server on a directory of its own, until the block ends."""
    process = launch(
        "-m",
        "config.launcher",
        "--directory",
        directory,
        **FRESH,
        **PLAIN,
        **environment,
        DEBUG="true",
        PORT=str(free_port()),
    )
    product = Product(directory, process)
    streams = [stream for stream in (process.stdout, process.stderr) if stream]
    readers = [
        threading.Thread(target=product.output.extend, args=[stream], daemon=True) for stream in streams
    ]
    for reader in readers:
        reader.start()
    try:
        await_that(lambda: (directory / "urls.json").exists() or process.poll() is not None, seconds=300)
        assert process.poll() is None, "".join(product.output)
        yield product
    finally:
        process.terminate()
        process.wait(30)
        for reader in readers:
            reader.join(10)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()
