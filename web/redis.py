"""Redis, quickly or not at all.

Nobody waits for Redis longer than a moment, and after a failure nobody asks again for
`web.rest.REST_SECONDS`: refused or frozen, everything works on, with what this process knows by itself.
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
WORKER_SECONDS = 2.0  # nobody waits, and a busy machine is no outage

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class QuickRedis:
    """`timeout` seconds are the most that one step takes, connecting or asking."""

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
        """What Redis says to a question put through `client`; None when it does not answer."""
        if self.resting:
            return None
        try:
            return question()
        except RedisError as error:
            self._rest.begin()
            logger.warning("Redis does not answer (%s): going on without it", type(error).__name__)
            return None
