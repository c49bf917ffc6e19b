"""Wake a worker by a Celery task without arguments. A lost wake-up costs one beat interval.

A request only notes that a task is due: a thread sends what was noted after PAUSE_SECONDS, each task once, so
that neither a slow Redis nor many leads cost a request anything. Each of the two steps takes at most
`TIMEOUT_SECONDS`, and after a failure no wake-up is sent for `web.rest.REST_SECONDS`.
"""

import logging
import os
import threading
import time
from typing import Any

from celery import current_app
from kombu.connection import Connection

from web.rest import RestAfterFailure

PAUSE_SECONDS = 0.2
TIMEOUT_SECONDS = 0.25
EXPIRES_SECONDS = 60.0  # wake-ups must not accumulate while no worker runs

logger = logging.getLogger(__name__)

rest = RestAfterFailure()  # per process


class PendingWakeUps:
    """The tasks of this process that are due to be sent, and the connection that sends them."""

    def __init__(self) -> None:
        self._due: set[str] = set()
        self._noting = threading.Lock()
        self._sending = threading.Lock()
        self._connection: Any = None  # a Connection, whose methods have no types

    def note(self, task: str) -> None:
        """Have this task sent soon. Raises RuntimeError when no thread can be started."""
        with self._noting:
            is_first = not self._due
            self._due.add(task)
        if is_first:
            try:
                threading.Timer(PAUSE_SECONDS, self.send_due).start()
            except RuntimeError:
                self._due.clear()
                raise

    def send_due(self) -> None:
        """Send what is due. Never raises."""
        with self._sending:
            with self._noting:
                due, self._due = self._due, set()
            for task in due:
                if not rest.active:
                    self._send(task)

    def _send(self, task: str) -> None:
        began = time.monotonic()
        try:
            try:
                self._send_task(task)
            except Exception:
                if time.monotonic() - began > TIMEOUT_SECONDS:
                    raise
                self._send_task(task)  # retry once: Redis had closed the connection
        except Exception:  # any trouble with Redis (down, frozen, full, wrong password): the row is safe
            rest.begin()
            logger.warning("No wake-up: Redis does not answer. What is due waits for the next beat")

    def _send_task(self, task: str) -> None:
        """Send the message, opening a connection if needed. Closes it on error."""
        self._connection = self._connection or broker_connection()
        try:
            current_app.send_task(task, connection=self._connection, retry=False, expires=EXPIRES_SECONDS)
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection, if any."""
        if self._connection:
            self._connection.release()
            self._connection = None


pending = PendingWakeUps()
os.register_at_fork(after_in_child=pending.__init__)  # type: ignore[misc]  # neither thread nor connection is the child's


def wake_up(task: str) -> None:
    """Have this task, which finds its own work, sent to any worker soon. Never raises, and never waits."""
    if rest.active:
        return
    try:
        pending.note(task)
    except RuntimeError:
        logger.warning("No wake-up: no thread can be started. What is due waits for the next beat")


def broker_connection() -> Connection:
    connection: Connection = current_app.connection_for_write(
        transport_options={
            **current_app.conf.broker_transport_options,
            "socket_timeout": TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "max_retries": 0,
        },
        connect_timeout=TIMEOUT_SECONDS,
    )
    return connection
