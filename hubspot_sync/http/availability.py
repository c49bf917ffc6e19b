"""Whether HubSpot may be called right now, for pages and metrics: a read-only view of breaker and limiter.

A request must not wait for Redis as long as a worker may: it uses a short timeout.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from hubspot_sync.http.breaker import Breaker, Opened, circuit_name
from hubspot_sync.http.limiter import Limiter
from web.redis import REQUEST_SECONDS


@dataclass(frozen=True, slots=True)
class Availability:
    """`known` is False when Redis does not answer; `closed_for` is in seconds, 0 when calls are allowed."""

    known: bool
    opened: Opened | None = None
    closed_for: float = 0.0

    @property
    def open(self) -> bool:
        return self.known and self.opened is None and not self.closed_for


def availability() -> Availability:
    """The state shared by all workers. After a failure Redis is not queried again for a while."""
    breaker, limiter = read_only_clients()
    opened = breaker.opened()
    closed_for = limiter.closed_for() if breaker.answers else 0.0
    if not (breaker.answers and limiter.answers):
        return Availability(known=False)
    return Availability(known=True, opened=opened, closed_for=closed_for)


@lru_cache(maxsize=1)
def read_only_clients() -> tuple[Breaker, Limiter]:
    """Read-only clients: this process takes no slots and counts no outages."""
    url = settings.RATE_LIMIT_REDIS_URL
    return (
        Breaker(url, circuit_name(), timeout=REQUEST_SECONDS),
        Limiter(url, {}, workers=1, timeout=REQUEST_SECONDS),
    )
