"""The bell that wakes a worker at once. A ring that is lost costs one beat interval, nothing more.

A request must not wait for Redis: a ring takes at most `TIMEOUT_SECONDS` for each of its two steps, and
after a failure nobody rings for `REST_SECONDS`. Each thread keeps its connection: making one costs more than
all statements of a submit.
"""

import logging
import threading
import time

from celery import current_app
from kombu.connection import Connection

TIMEOUT_SECONDS = 0.25
REST_SECONDS = 10.0
EXPIRES_SECONDS = 60.0  # while no worker runs, rings must not pile up

logger = logging.getLogger(__name__)

_rest_until = 0.0
_kept = threading.local()


def ring(task: str) -> None:
    """Ask any worker to run this task, which finds its work by itself."""
    global _rest_until  # one process, one bell
    began = time.monotonic()
    if began < _rest_until:
        return
    try:
        try:
            pull(task)
        except Exception:
            if time.monotonic() - began > TIMEOUT_SECONDS:
                raise
            pull(task)  # at once: Redis had closed the connection that was kept
    except Exception:  # whatever ails Redis (down, frozen, full, another password): the row is safe already
        _rest_until = time.monotonic() + REST_SECONDS
        logger.warning("No bell: Redis does not answer. What is due waits for the next beat")


def pull(task: str) -> None:
    """Send the message over the kept connection, or a new one. After an error none is kept."""
    if not hasattr(_kept, "connection"):
        _kept.connection = connect()
    try:
        current_app.send_task(task, connection=_kept.connection, retry=False, expires=EXPIRES_SECONDS)
    except Exception:
        hang_up()
        raise


def hang_up() -> None:
    """Close the connection of this thread."""
    if hasattr(_kept, "connection"):
        _kept.connection.release()
        del _kept.connection


def connect() -> Connection:
    wire: Connection = current_app.connection_for_write(
        transport_options={
            **current_app.conf.broker_transport_options,
            "socket_timeout": TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "max_retries": 0,
        },
        connect_timeout=TIMEOUT_SECONDS,
    )
    return wire
