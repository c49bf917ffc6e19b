"""One product in real processes, with servers of its own that may be killed, and nothing left afterwards."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event

from celery import Celery

from config.embedded import watchdog
from config.embedded.directory import socket_directory
from config.embedded.postgres import Postgres
from config.embedded.services import watched
from config.embedded.valkey import Valkey, free_port
from config.launcher.readiness import answers
from config.tests.processes import PROJECT
from tests.chaos.programs import Helper, Program, children, dying, production
from tests.chaos.servers import TOKEN, HubSpot, PostgresServer, RedisServer
from tests.migrated import copy_tables

STEP = 0.1
LIMITS = {"burst_limit": 100, "association_limit": 100}
TABLES = "hubspot_sync_queue, responses, assessment_sessions, assessments"


class TooLate(Exception):
    """What was awaited did not happen in time; the message says what."""


class World:
    """PostgreSQL, Redis and HubSpot are there at once; workers, beat and web when a case starts them."""

    def __init__(self, directory: Path, launch_id: str, stopping: Event) -> None:
        self.directory = directory
        self.stopping = stopping
        self.workers: list[Program] = []
        self.others: list[Program] = []
        bare = {"PATH": os.environ["PATH"], watchdog.VARIABLE: launch_id}
        data, sockets = directory / "postgres", socket_directory(directory)
        self.postgres = PostgresServer(
            # Not durable: a killed process loses nothing that the kernel holds, and worlds share one disk.
            Postgres(data, sockets, directory / "postgres.log", durable=False, environment=bare)
        )
        self.redis = RedisServer(
            Valkey(directory / "valkey", directory / "valkey.log", durable=False, environment=bare)
        )
        self.hubspot = HubSpot(directory, {**os.environ, watchdog.VARIABLE: launch_id})
        self._launch_id = launch_id
        self._helpers = 0

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",  # where celery and gunicorn are
            "DEBUG": "true",
            "SKIP_CHECKS": "true",  # of Django, which take as long as a worker's own start
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "chaos" * 20,
            "FIELD_ENCRYPTION_KEYS": "none",  # both sides are compared as the database holds them
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "HUBSPOT_BASE_URL": self.hubspot.url,
            "HUBSPOT_TOKEN": TOKEN,
            watchdog.VARIABLE: self._launch_id,
        }

    # Start and end

    def boot(self, *, tables: bool = True) -> None:
        for server in (self.postgres, self.redis, self.hubspot):
            server.start()
        if tables:
            copy_tables(self.postgres.url)
            self.run("tests.chaos.prepare")

    def clean(self) -> None:
        """As after `boot`: no process of the product, no lead, an account without records or faults."""
        self.end_product()
        self.redis.flush()
        self.postgres.rows(f"TRUNCATE {TABLES} CASCADE")
        self.hubspot.tell("empty")
        self.hubspot.tell("switches", **LIMITS)

    def end_product(self) -> None:
        for program in (*self.workers, *self.others):
            program.kill()
        self.workers, self.others = [], []

    def close(self) -> None:
        self.end_product()
        self.hubspot.program.kill()
        self.redis.stop()
        self.postgres.stop()

    # The product

    def start_workers(
        self, *lives: tuple[str, ...], count: int = 1, concurrency: int = 2, **environment: str
    ) -> None:
        """Groups of workers, and beat, as the Procfile has them.

        `lives` are options of tests/chaos/worker.py, one set for each life of a group; the last one lasts.
        """
        commands = [dying(*options) if options else production("worker") for options in lives or ((),)]
        environment["WORKER_CONCURRENCY"] = str(concurrency)
        self.workers += [self._program("worker", *commands, **environment) for _ in range(count)]
        self.others.append(self._program("beat", production("beat")))

    def pool_ready(self) -> None:
        """Wait until every worker has its children."""
        self.until(
            lambda: all(children(program.pid) for program in self.workers),
            seconds=60,
            what="the pools are there",
        )

    def start_web(self, **environment: str) -> str:
        """The form's address; it answers."""
        port = free_port()
        program = self._program("web", production("web"), HOST="127.0.0.1", PORT=str(port), **environment)
        self.others.append(program)
        url = f"http://127.0.0.1:{port}/"
        self.until(lambda: answers(url), seconds=60, what="the form answers")
        return url

    def run(self, module: str, *arguments: str) -> list[str]:
        """What a module of ours prints, run inside Django; raises CalledProcessError when it fails."""
        return self.begin(module, *arguments).finish(seconds=300)

    def begin(self, module: str, *arguments: str) -> Helper:
        """The same in the background; it ends with the world at the latest."""
        self._helpers += 1
        output = self.directory / f"{module}-{self._helpers}.out"
        with output.open("w") as printed, (self.directory / "helpers.log").open("a") as complaints:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.within", module, *arguments],
                cwd=PROJECT,
                env=self.environment | {"DATABASE_PROFILE": "web"},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=complaints,
            )
        return Helper(process, output)

    def _program(self, name: str, *lives: str, **environment: str) -> Program:
        program = Program(name, lives, self.environment | environment, self.directory / f"{name}.log")
        program.start()
        return program

    def wake_up(self) -> None:
        """Wake a worker, when there is no time to wait for beat."""
        with Celery(broker=self.redis.url, set_as_current=False) as app:
            app.send_task("hubspot_sync.tasks.deliver_due", ignore_result=True)

    # Time

    def until(self, done: Callable[[], object], *, seconds: float, what: str) -> float:
        """Wait, and start dead workers again meanwhile; how long it took. Raises TooLate."""
        start = time.monotonic()
        while not done():
            if self.stopping.is_set():
                raise KeyboardInterrupt
            if time.monotonic() - start > seconds:
                raise TooLate(f"not within {seconds:.0f} s: {what}")
            for program in self.workers:
                program.keep_up()
            time.sleep(STEP)
        return time.monotonic() - start

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= end, seconds=seconds + 60, what="time passes")

    def move_clock(self, seconds: float) -> None:
        """So much time passes for the queue and for HubSpot."""
        columns = ("next_retry_at", "waiting_since", "created_at", "last_attempt_at")
        changes = ", ".join(f"{name} = {name} - make_interval(secs => {seconds})" for name in columns)
        self.postgres.rows(
            f"UPDATE hubspot_sync_queue SET {changes} WHERE status IN ('waiting', 'leased', 'failed')"
        )
        self.redis.move_clock(seconds)
        self.hubspot.tell("clock", forward=seconds)

    def end_waits(self) -> None:
        """Whatever waits in the queue is due."""
        self.postgres.rows("UPDATE hubspot_sync_queue SET next_retry_at = now() WHERE status = 'waiting'")

    # What is in the queue

    def count(self, condition: str) -> int:
        return int(self.postgres.rows(f"SELECT count(*) FROM hubspot_sync_queue WHERE {condition}")[0][0])

    @property
    def open_rows(self) -> int:
        return self.count("status IN ('waiting', 'leased')")

    def delivered(self, *, seconds: float) -> float:
        """Wait until no row is open; how long it took."""
        return self.until(lambda: self.open_rows == 0, seconds=seconds, what="no row is open")


@contextmanager
def world(stopping: Event | None = None, *, tables: bool = True) -> Iterator[World]:
    """A world on free loopback ports. Whatever ends this process, nothing of it is left.

    Without `tables` the database is empty.
    """
    directory = Path(tempfile.mkdtemp(prefix="chaos-"))
    launch_id = secrets.token_hex(16)
    with ExitStack() as stack:
        found = World(directory, launch_id, stopping or Event())
        stack.enter_context(watched(launch_id, [directory]))
        stack.callback(found.close)
        found.boot(tables=tables)
        yield found
