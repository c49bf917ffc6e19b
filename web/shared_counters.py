"""How often somebody did something, and the day's key: shared through Redis where it answers.

Without Redis the counters live in this process alone, so each process grants the full limit; a safe local
share needs no more than that.
"""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from limits import RateLimitItem
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from web.redis import REQUEST_SECONDS, QuickRedis


class Counters:
    def __init__(self, url: str) -> None:
        self._redis = QuickRedis(url, timeout=REQUEST_SECONDS)
        pool = self._redis.client.connection_pool
        self._shared = MovingWindowRateLimiter(RedisStorage(url, connection_pool=pool))
        self._local = MovingWindowRateLimiter(MemoryStorage())

    @property
    def resting(self) -> bool:
        return self._redis.resting

    def hit(self, item: RateLimitItem, key: str) -> tuple[bool, int, float]:
        """Count one hit: is it allowed, how many remain, when does a place become free (Unix time)."""
        return self._redis.ask(lambda: hit(self._shared, item, key)) or hit(self._local, item, key)

    def remember(self, key: str, value: str, *, seconds: int) -> str | None:
        """The value under this key, ours if there was none; None when Redis cannot say."""
        client = self._redis.client

        def first() -> object:
            client.set(key, value, ex=seconds, nx=True)
            return client.get(key)

        found = self._redis.ask(first)
        return found if isinstance(found, str) else None

    def kept(self, key: str, made: Callable[[], str], *, seconds: int) -> str:
        """The text under this key; made anew, and put there, when Redis has none or cannot say."""
        client = self._redis.client
        found = self._redis.ask(lambda: client.get(key))
        if isinstance(found, str):
            return found
        text = made()
        self._redis.ask(lambda: client.set(key, text, ex=seconds))
        return text


def hit(limiter: MovingWindowRateLimiter, item: RateLimitItem, key: str) -> tuple[bool, int, float]:
    allowed = limiter.hit(item, key)
    window = limiter.get_window_stats(item, key)
    return allowed, window.remaining, window.reset_time


@lru_cache(maxsize=1)
def counters() -> Counters:
    """The counters of this process."""
    return Counters(settings.RATE_LIMIT_REDIS_URL)
