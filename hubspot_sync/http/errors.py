"""The three families of HubSpot errors, raised only by the client.

A cause is a short code of our own, safe to store and log: HubSpot's messages may quote personal data.
"""


class HubSpotError(Exception):
    def __init__(self, cause: str, correlation_id: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.correlation_id = correlation_id


class TryAgain(HubSpotError):
    """HubSpot cannot answer now: throttled, down or unreachable. The write may have happened."""

    def __init__(self, cause: str, correlation_id: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(cause, correlation_id)
        self.retry_after = retry_after


class Throttled(TryAgain):
    """No slot for a call now, by our limiter or HubSpot's. Nothing was written; it is no outage."""

    def __init__(self, cause: str, correlation_id: str = "", *, retry_after: float) -> None:
        super().__init__(cause, correlation_id, retry_after=retry_after)
        self.seconds = retry_after


class Rejected(HubSpotError):
    """HubSpot rejects this input permanently."""


class Misconfigured(HubSpotError):
    """The token, a scope, a property or the pipeline is wrong: no row is at fault, and delivery pauses."""


class NotAuthorised(Misconfigured):
    """The token is rejected, or lacks the scopes that the cause names.

    `from_hubspot`: whether HubSpot said so; a proxy in between may answer 403 for reasons of its own.
    """

    def __init__(self, cause: str, correlation_id: str = "", *, from_hubspot: bool = True) -> None:
        super().__init__(cause, correlation_id)
        self.from_hubspot = from_hubspot

    @property
    def lacks_scope(self) -> bool:
        """Whether HubSpot knows the token and does not let it do this."""
        return self.from_hubspot and self.cause.startswith("not_authorised_403")


class NotFound(Misconfigured):
    """404: the object is missing, or our base URL or API version is wrong."""
