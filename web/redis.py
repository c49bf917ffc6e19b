"""A Redis client with short timeouts and a circuit breaker, open for REST_SECONDS after a failure.

Callers fall back to process-local state, so an outage of Redis never fails a request.
"""

import logging
import os
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

from web.rest import RestAfterFailure

REQUEST_SECONDS = 0.25  # a visitor waits
WORKER_SECONDS = 2.0  # no visitor waits, and a slow response is not an outage

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class QuickRedis:
    """The client; `timeout` in seconds applies to connecting and to each command."""

    def __init__(self, url: str, *, timeout: float) -> None:
        self.client = Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 0),
        )
        self._rest = RestAfterFailure()

    @property
    def resting(self) -> bool:
        return self._rest.active

    def ask(self, question: Callable[[], Answer]) -> Answer | None:
        """The result of a command, or None if Redis is unavailable."""
        if self.resting:
            return None
        try:
            return question()
        except RedisError as error:
            self._rest.begin()
            logger.warning("Redis does not answer (%s): going on without it", type(error).__name__)
            return None


class QuickScript:
    """A Lua script on a connection of its own in each thread.

    A client takes its connection from a pool, wraps each command for retries and reports it to observers.
    """

    def __init__(self, client: Redis, text: str) -> None:
        self._pool = client.connection_pool
        self._text = text
        self._digest = client.register_script(text).sha
        self._thread = threading.local()

    def __call__(self, keys: Sequence[str], arguments: Sequence[str | int | float]) -> Any:
        """What the script returns. Raises RedisError."""
        try:
            return self._send("EVALSHA", self._digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return self._send("EVAL", self._text, len(keys), *keys, *arguments)

    def _send(self, *command: str | int | float) -> Any:
        try:
            return self._ask(*command)
        except Disconnected:  # by Redis, since the last command: a refused connection fails again at once
            return self._ask(*command)

    def _ask(self, *command: str | int | float) -> Any:
        connection = self._connection()
        connection.send_command(*command)
        return connection.read_response()  # an error disconnects: no response is left for the next command

    def _connection(self) -> Any:
        """This thread's connection; a new one in a forked process."""
        if getattr(self._thread, "process", None) != os.getpid():
            self._thread.process = os.getpid()
            self._thread.connection = self._pool.make_connection()
        return self._thread.connection
