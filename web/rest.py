"""A minimal circuit breaker for one service, local to the process. Pure."""

import time

REST_SECONDS = 10.0


class RestAfterFailure:
    """`active` for `seconds` after a failure, by the monotonic clock."""

    def __init__(self, seconds: float = REST_SECONDS) -> None:
        self.seconds = seconds
        self._until = 0.0

    @property
    def active(self) -> bool:
        return time.monotonic() < self._until

    def begin(self) -> None:
        self._until = time.monotonic() + self.seconds

    def end(self) -> None:
        self._until = 0.0
