"""A value that each process reads again after a few seconds. Pure."""

import time
from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, TypeVar, TypeVarTuple

SECONDS = 5.0  # how long a process may use an old value

Arguments = TypeVarTuple("Arguments")
Value = TypeVar("Value")


class Snapshot(Generic[*Arguments, Value]):
    """Decorator that caches the results of a function, by its arguments, for `SECONDS` in each process.

    Errors are not cached.
    """

    def __init__(self, read: Callable[[*Arguments], Value]) -> None:
        self._read = read
        self._values: dict[tuple[*Arguments], tuple[Value, float]] = {}  # with the expiry, by monotonic clock
        update_wrapper(self, read)

    def __call__(self, *arguments: *Arguments) -> Value:
        now = time.monotonic()
        if arguments not in self._values or now >= self._values[arguments][1]:
            self._values[arguments] = self._read(*arguments), now + SECONDS
        return self._values[arguments][0]

    def forget(self) -> None:
        """Clear the cache, so that the next call reads again."""
        self._values = {}
