"""The three things that can go wrong with HubSpot; only the client raises them.

A cause is a short code of our own, safe to store and to log: what HubSpot says may quote the person.
"""


class HubSpotError(Exception):
    def __init__(self, cause: str, correlation_id: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.correlation_id = correlation_id


class TryAgain(HubSpotError):
    """HubSpot cannot answer now: throttled, down, unreachable. The write may have happened."""

    def __init__(self, cause: str, correlation_id: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(cause, correlation_id)
        self.retry_after = retry_after


class Throttled(TryAgain):
    """There is no place for a call now, ours or HubSpot's say. Nothing was written; it is no outage."""

    def __init__(self, cause: str, correlation_id: str = "", *, retry_after: float) -> None:
        super().__init__(cause, correlation_id, retry_after=retry_after)
        self.seconds = retry_after


class Rejected(HubSpotError):
    """HubSpot will never take this as it is."""


class Misconfigured(HubSpotError):
    """The token, a scope, a property or the pipeline is wrong: no row is at fault, the line stops."""


class NotAuthorised(Misconfigured):
    """The token is refused, or lacks the scopes that the cause names."""


class NotFound(Misconfigured):
    """Nothing has that address: the thing asked for is missing, or our base URL or API version is wrong."""
