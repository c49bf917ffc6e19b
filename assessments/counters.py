"""Redis as the form uses it: counters and the day's key, quickly or not at all.

A request never waits for Redis longer than `TIMEOUT_SECONDS`, and after a failure nobody asks again for
`REST_SECONDS`: refused or frozen, the form works on. Counters then live in this process alone, so each
process grants the full limit; a safe local share needs no more than that.
"""

import logging
import time
from functools import lru_cache

from django.conf import settings
from limits import RateLimitItem
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

TIMEOUT_SECONDS = 0.25
REST_SECONDS = 10.0

logger = logging.getLogger(__name__)


class Counters:
    def __init__(self, url: str) -> None:
        self._redis = RedisStorage(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),  # type: ignore[arg-type]  # limits passes it on to redis
        )
        self._shared = MovingWindowRateLimiter(self._redis)
        self._local = MovingWindowRateLimiter(MemoryStorage())
        self._rest_until = 0.0

    @property
    def resting(self) -> bool:
        return time.monotonic() < self._rest_until

    def hit(self, item: RateLimitItem, key: str) -> tuple[bool, int, float]:
        """Count one hit: is it allowed, how many remain, when does a place become free (Unix time)."""
        if not self.resting:
            try:
                return hit(self._shared, item, key)
            except RedisError as error:
                self._rest(error)
        return hit(self._local, item, key)

    def remember(self, key: str, value: str, *, seconds: int) -> str | None:
        """The value under this key, ours if there was none; None when Redis cannot say."""
        if self.resting:
            return None
        try:
            client = self._redis.storage
            client.set(key, value, ex=seconds, nx=True)
            found = client.get(key)
        except RedisError as error:
            self._rest(error)
            return None
        return found.decode() if isinstance(found, bytes) else None

    def _rest(self, error: RedisError) -> None:
        self._rest_until = time.monotonic() + REST_SECONDS
        logger.warning("Redis does not answer (%s): counting locally for a while", type(error).__name__)


def hit(limiter: MovingWindowRateLimiter, item: RateLimitItem, key: str) -> tuple[bool, int, float]:
    allowed = limiter.hit(item, key)
    window = limiter.get_window_stats(item, key)
    return allowed, window.remaining, window.reset_time


@lru_cache(maxsize=1)
def counters() -> Counters:
    """The counters of this process."""
    return Counters(settings.RATE_LIMIT_REDIS_URL)
