"""A Django cache backend in Redis that stores JSON: unpickling would run code written by anyone with access.

Without Redis each process falls back to local memory.
"""

import json
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

from web.redis import REQUEST_SECONDS, QuickRedis


class SharedCache(LocMemCache):
    """A cache for small JSON values, such as django-allauth's rate limits. LOCATION is a Redis URL."""

    def __init__(self, url: str, params: dict[str, Any]) -> None:
        super().__init__("shared-cache", params)
        self._redis = QuickRedis(url, timeout=REQUEST_SECONDS)

    def ask(self, question: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
        """The result from Redis, which may be None, or of the local cache if Redis is unavailable."""
        answered = self._redis.ask(lambda: (question(),))
        return otherwise() if answered is None else answered[0]

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name, seconds = self.make_and_validate_key(key, version), self.seconds(timeout)
        put = self._redis.client.set
        return bool(
            self.ask(
                lambda: put(name, json.dumps(value), ex=seconds, nx=True),
                lambda: super(SharedCache, self).add(key, value, timeout, version),
            )
        )

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        name, seconds = self.make_and_validate_key(key, version), self.seconds(timeout)
        put = self._redis.client.set
        self.ask(
            lambda: put(name, json.dumps(value), ex=seconds),
            lambda: super(SharedCache, self).set(key, value, timeout, version),
        )

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        name = self.make_and_validate_key(key, version)
        found = self.ask(
            lambda: self._redis.client.get(name),
            lambda: json.dumps(super(SharedCache, self).get(key, None, version)),
        )
        value = None if found is None else json.loads(found)
        return default if value is None else value

    def delete(self, key: str, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version)
        return bool(
            self.ask(
                lambda: self._redis.client.delete(name), lambda: super(SharedCache, self).delete(key, version)
            )
        )

    def seconds(self, timeout: Any) -> int | None:
        given = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if given is None else max(1, int(given))
