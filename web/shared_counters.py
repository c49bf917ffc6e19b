"""Rate limit counters and small cached values, shared through Redis.

Without Redis the counters are local to the process, so each process grants the full limit.
"""

import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from web.redis import REQUEST_SECONDS, QuickRedis, QuickScript

HIT = Path(__file__).with_name("hit.lua").read_text()


class Counters:
    def __init__(self, url: str) -> None:
        self._redis = QuickRedis(url, timeout=REQUEST_SECONDS)
        self._hit = QuickScript(self._redis.client, HIT)
        self._local = MovingWindowRateLimiter(MemoryStorage())

    @property
    def resting(self) -> bool:
        return self._redis.resting

    def hit(self, item: RateLimitItem, key: str) -> tuple[bool, int, float]:
        """Count one hit: (allowed, remaining, Unix time at which the next one is allowed)."""
        return self._redis.ask(lambda: self._count(item, key)) or self._count_here(item, key)

    def _count(self, item: RateLimitItem, key: str) -> tuple[bool, int, float]:
        window = item.get_expiry()
        name = item.key_for("window", key)
        allowed, remaining, oldest = self._hit([name], [repr(time.time()), item.amount, window])
        return bool(allowed), int(remaining), float(oldest) + window

    def _count_here(self, item: RateLimitItem, key: str) -> tuple[bool, int, float]:
        allowed = self._local.hit(item, key)
        window = self._local.get_window_stats(item, key)
        return allowed, window.remaining, window.reset_time

    def get_or_set(self, key: str, value: str, *, seconds: int) -> str | None:
        """The value of this key, set to `value` if it did not exist; None if Redis is unavailable."""
        client = self._redis.client

        def first() -> object:
            client.set(key, value, ex=seconds, nx=True)
            return client.get(key)

        found = self._redis.ask(first)
        return found if isinstance(found, str) else None

    def cached(self, key: str, made: Callable[[], str], *, seconds: int) -> str:
        """The text of this key; computed, and stored, if Redis has none or is unavailable."""
        client = self._redis.client
        found = self._redis.ask(lambda: client.get(key))
        if isinstance(found, str):
            return found
        text = made()
        self._redis.ask(lambda: client.set(key, text, ex=seconds))
        return text


@lru_cache(maxsize=1)
def counters() -> Counters:
    """The process-wide instance."""
    return Counters(settings.RATE_LIMIT_REDIS_URL)
