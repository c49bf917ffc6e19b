"""A Redis client with short timeouts and a circuit breaker, open for REST_SECONDS after a failure.

Callers fall back to process-local state, so an outage of Redis never fails a request.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
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
