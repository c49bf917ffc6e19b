"""PostgreSQL, Redis and HubSpot as the product meets them: servers that die, freeze and come back."""

import os
import signal
import sys
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis
import requests

from config.connections import redis_database
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey, free_port
from config.tests.processes import await_that
from tests.chaos.programs import Program, children

TOKEN = "pat-chaos"


@dataclass
class Server:
    """An embedded service that starts again on the same data and address."""

    service: Postgres | Valkey
    url: str = ""
    _running: ExitStack = field(default_factory=ExitStack, repr=False)

    def start(self) -> None:
        running: AbstractContextManager[str] = self.service.running()
        self.url = self._running.enter_context(running)

    def stop(self) -> None:
        self._running.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill(self) -> None:
        """SIGKILL to the server and all its processes; `start` brings it back."""
        family = self.family()
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.stop()
        await_that(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))

    def family(self) -> list[int]:
        raise NotImplementedError


class PostgresServer(Server):
    def family(self) -> list[int]:
        assert isinstance(self.service, Postgres)
        pid = int((self.service.data / "postmaster.pid").read_text().split("\n", 1)[0])
        return [pid, *children(pid)]

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """One statement, committed; its rows, if it gives any. Waits when somebody else holds a lock."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=10) as connection:
            cursor = connection.execute(statement.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []


class RedisServer(Server):
    """It keeps nothing: whoever kills it empties it."""

    _pid: int = 0

    def start(self) -> None:
        super().start()
        with redis.Redis.from_url(self.url) as client:
            self._pid = client.info("server")["process_id"]

    def family(self) -> list[int]:
        return [self._pid]

    def flush(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def move_clock(self, seconds: float) -> None:
        """What the limits and the breaker keep for a time is forgotten so much sooner."""
        with redis.Redis.from_url(redis_database(self.url, 1)) as client:
            for key in client.scan_iter():
                left = client.pttl(key)
                if left > 0:
                    client.pexpire(key, max(1, left - int(seconds * 1000)))

    def freeze(self) -> None:
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._pid, signal.SIGCONT)


class HubSpot:
    """The simulator as a process, and its control plane."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = f"{sys.executable} -m hubspot_simulator --token {TOKEN} --port {port} --seed 7"
        self.program = Program("hubspot", [command], environment, directory / "hubspot.log")

    def start(self) -> None:
        self.program.start()
        await_that(self.answers, seconds=60)

    def answers(self) -> bool:
        with suppress(requests.ConnectionError):
            return requests.get(f"{self.url}/_simulator/switches", timeout=5).ok
        return False

    def tell(self, place: str, **body: Any) -> None:
        requests.post(f"{self.url}/_simulator/{place}", json=body, timeout=30).raise_for_status()

    def ask(self, place: str) -> dict[str, Any]:
        answer = requests.get(f"{self.url}/_simulator/{place}", timeout=60)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def fails(self, effect: str, **how: Any) -> None:
        self.tell("faults", effect=effect, **how)

    def recovers(self) -> None:
        self.tell("faults/clear")

    def calls(self, since: int = 0) -> list[dict[str, Any]]:
        """The log of calls, without the first `since`."""
        found: list[dict[str, Any]] = self.ask("log")["requests"]
        return found[since:]

    def forget_person(self, address: str) -> None:
        """Somebody erases this address in HubSpot: it can never be used again."""
        requests.post(
            f"{self.url}/crm/v3/objects/contacts/gdpr-delete",
            json={"objectId": address, "idProperty": "email"},
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=30,
        ).raise_for_status()
