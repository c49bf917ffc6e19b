"""What `benchmarks.flow` compares, each behind gunicorn with two processes of four threads.

All share one PostgreSQL, with a database each. The product has production settings, with everything on:
middleware, CSRF, rate limits, and personal columns sealed, or not sealed ("plain").
"""

import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import requests

from benchmarks.flow_bare import TABLE
from benchmarks.production import ROOT, environment_of, four_pages, manage, prepare
from config.embedded import services
from config.embedded.services import Services
from config.embedded.valkey import free_port
from config.tests.processes import await_that
from tests.chaos.programs import children

SURVEY = "django-survey-and-report==1.5.0"
STATEMENT = re.compile(rb"^.*LOG:  (?:statement|execute [^:]+): ", re.MULTILINE)
TICKS = os.sysconf("SC_CLK_TCK")
RELOAD_SECONDS = 6.0
BIN = Path(sys.executable).parent
SERVER = ("--workers=2", "--threads=4", "--keep-alive=5", "--no-control-socket", "--log-level=error")


@dataclass(frozen=True)
class Contestant:
    """A server that answers the flow `kind`, json or html; a flow of pages begins at `first_page`."""

    name: str
    kind: str
    port: int
    pid: int
    postmaster: int
    database_url: str
    log: Path  # of PostgreSQL
    first_page: str = "/"

    def spent(self) -> tuple[float, float]:
        """Processor seconds so far: of its web processes, and of PostgreSQL for everybody."""
        return processor_seconds(self.pid), processor_seconds(self.postmaster)

    def log_statements(self) -> None:
        """Have its statements logged, by new web processes."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {connection.info.dbname} SET log_statement = 'all'".encode())
        os.kill(self.pid, signal.SIGHUP)
        time.sleep(RELOAD_SECONDS)

    def logged_statements(self) -> int:
        """The statements that PostgreSQL has logged so far, when they are counted."""
        return len(STATEMENT.findall(self.log.read_bytes()))


def processor_seconds(pid: int) -> float:
    """Of a process, and of all that it started, whether they run or have ended; user and system."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):  # it ended since it was listed: its parent has its time
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS + sum(map(processor_seconds, children(pid)))


@contextmanager
def contestants(names: Sequence[str], *, server: str) -> Iterator[list[Contestant]]:
    """Start those named: json (which answers html, too), plain, bare, survey."""
    directory = Path(tempfile.mkdtemp(prefix="flow-"))
    with ExitStack() as stack:
        found = stack.enter_context(services(directory, durable=False))
        starter = Starter(stack, found, directory, server)
        running = {name: starter.start(name) for name in names if name != "html"}
        if "html" in names:
            running["html"] = Contestant(**vars(running["json"]) | {"name": "html", "kind": "html"})
        yield [running[name] for name in names]


class Starter:
    """Starts servers on the services of one run, and ends them with `stack`."""

    def __init__(self, stack: ExitStack, found: Services, directory: Path, server: str) -> None:
        self.stack, self.found, self.server = stack, found, server
        self.log = directory / "log/postgres.log"

    def start(self, name: str) -> Contestant:
        port, database = free_port(), self.database(name)
        environment = self.found.environment | environment_of(port) | {"DATABASE_URL": database}
        environment |= {"FIELD_ENCRYPTION_KEYS": secrets.token_urlsafe(32) if name == "json" else "none"}
        command = {"bare": self.bare, "survey": self.survey}.get(name, self.product)(environment, port)
        process = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603  # our own command
        self.stack.callback(end, process)
        page = "/1/" if name == "survey" else "/"
        await_that(lambda: answers(port, page), seconds=120)
        kind = "html" if name == "survey" else "json"
        return Contestant(name, kind, port, process.pid, self.postmaster(), database, self.log, page)

    def database(self, name: str) -> str:
        """A database of its own."""
        with psycopg.connect(self.found.database_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}_flow".encode())
            own = connection.info.dbname
        return self.found.database_url.replace(f"/{own}?", f"/{name}_flow?")

    def postmaster(self) -> int:
        with psycopg.connect(self.found.database_url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        return int((Path(row[0] if row else "") / "postmaster.pid").read_text().split("\n", 1)[0])

    def bare(self, environment: dict[str, str], port: int) -> list[str]:
        with psycopg.connect(environment["DATABASE_URL"]) as connection:
            connection.execute(TABLE.encode())
        return [
            str(BIN / "gunicorn"),
            *SERVER,
            f"--bind=127.0.0.1:{port}",
            "benchmarks.flow_bare:application",
        ]

    def survey(self, environment: dict[str, str], port: int) -> list[str]:
        """In a virtual environment of its own, which is deleted afterwards."""
        home = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="survey-"))
        venv.create(home, with_pip=True)
        python, ours = f"{home}/bin/python", Path(__file__).parent
        packages = (SURVEY, "psycopg[binary]", "gunicorn")
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)  # noqa: S603  # pinned
        script = str(ours / "flow_survey.py")
        subprocess.run([python, script, four_pages()], cwd=ROOT, env=environment, check=True)  # noqa: S603  # ours
        where = (f"--bind=127.0.0.1:{port}", f"--chdir={ours}")
        return [python, "-m", "gunicorn", *SERVER, *where, "flow_survey:application"]

    def product(self, environment: dict[str, str], port: int) -> list[str]:
        prepare(environment, four_pages())
        # Then pages ask for the same as the survey: the answers, and nothing after them.
        manage(environment, "constance", "set", "ASK_ADDRESS_BEFORE_RESULT", "False")
        environment["DATABASE_PROFILE"] = "web"
        if self.server == "granian":
            options = ("--interface=wsgi", "--workers=2", "--blocking-threads=4", "--host=127.0.0.1")
            return [str(BIN / "granian"), *options, f"--port={port}", "benchmarks.flow_served:application"]
        return [str(BIN / "gunicorn"), "--config=python:config.gunicorn", "benchmarks.flow_served"]


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(30)


def answers(port: int, page: str) -> bool:
    try:
        headers = {"X-Forwarded-Proto": "https", "Host": "localhost"}
        return requests.get(f"http://127.0.0.1:{port}{page}", headers=headers, timeout=20).ok
    except requests.RequestException:
        return False
