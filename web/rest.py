"""Leave a neighbour alone for a while after it failed, so that nobody else waits for it meanwhile. Pure."""

import time

REST_SECONDS = 10.0


class RestAfterFailure:
    """`active` from a failure until `seconds` later, by this process's monotonic clock."""

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
