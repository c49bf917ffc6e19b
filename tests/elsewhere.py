"""Work on database connections beside that of the test, for tests of locks and of races."""

import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from django.db import connection, connections

SECONDS = 60  # before the wait for a lock is given up; a busy machine is slow, not wrong
WAITS_FOR_US = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
)

Found = TypeVar("Found")


class Elsewhere:
    """Threads, each with a connection of its own for each piece of work."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads

    def begin(self, work: Callable[..., Found], *arguments: Any) -> Future[Found]:
        return self._threads.submit(_and_close, work, *arguments)

    def do(self, work: Callable[[], Found]) -> Found:
        """What comes of the work; it may not need anything that the test holds."""
        return self.begin(work).result(timeout=30)

    def waits(self, work: Callable[[], Found]) -> Future[Found]:
        """Begin, and go on once it waits for the transaction of the test. AssertionError if it does not."""
        begun = self.begin(work)
        deadline = time.monotonic() + SECONDS
        while not somebody_waits_for_us():
            assert not begun.done(), "it did not wait"
            assert time.monotonic() < deadline, "nobody waits"
        return begun

    def at_once(self, times: int, work: Callable[[int], Found]) -> list[Found]:
        """What comes of the same work with the numbers from 0, up to eight at a time."""
        return [each.result() for each in [self.begin(work, number) for number in range(times)]]


def _and_close(work: Callable[..., Found], *arguments: Any) -> Found:
    try:
        return work(*arguments)
    finally:
        connections.close_all()


def somebody_waits_for_us() -> bool:
    """Another test process has locks and waits of its own in the same PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(WAITS_FOR_US)
        return bool(cursor.fetchone()[0])
