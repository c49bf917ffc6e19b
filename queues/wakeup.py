"""Wake a worker at once, by a Celery task without arguments. A lost wake-up costs one beat interval.

Requests must not wait for Redis: each of the two steps takes at most `TIMEOUT_SECONDS`, and after a failure
no wake-up is sent for `web.rest.REST_SECONDS`. Each thread reuses its connection, because opening one costs
more than all statements of a submit.
"""

import logging
import threading
import time

from celery import current_app
from kombu.connection import Connection

from web.rest import RestAfterFailure

TIMEOUT_SECONDS = 0.25
EXPIRES_SECONDS = 60.0  # wake-ups must not accumulate while no worker runs

logger = logging.getLogger(__name__)

rest = RestAfterFailure()  # per process
_thread = threading.local()


def wake_up(task: str) -> None:
    """Send this task, which finds its own work, to any worker. Never raises."""
    if rest.active:
        return
    began = time.monotonic()
    try:
        try:
            send_task(task)
        except Exception:
            if time.monotonic() - began > TIMEOUT_SECONDS:
                raise
            send_task(task)  # retry once: Redis had closed this thread's connection
    except Exception:  # any trouble with Redis (down, frozen, full, wrong password): the row is safe
        rest.begin()
        logger.warning("No wake-up: Redis does not answer. What is due waits for the next beat")


def send_task(task: str) -> None:
    """Send the message over this thread's connection, opening one if needed. Closes it on error."""
    if not hasattr(_thread, "connection"):
        _thread.connection = broker_connection()
    try:
        current_app.send_task(task, connection=_thread.connection, retry=False, expires=EXPIRES_SECONDS)
    except Exception:
        close_connection()
        raise


def close_connection() -> None:
    """Close this thread's connection, if any."""
    if hasattr(_thread, "connection"):
        _thread.connection.release()
        del _thread.connection


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
