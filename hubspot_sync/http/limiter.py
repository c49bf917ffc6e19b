"""Rate limiting of calls to HubSpot, shared by all workers on all machines.

HubSpot allows an app a number of calls in any ten seconds. Redis counts them. If Redis fails, each worker is
limited to its share; if Redis is emptied, the headers of the next answer restore the state.
"""

import time
from datetime import UTC, datetime
from functools import lru_cache

from django.conf import settings

from hubspot_sync.http.backoff import until_midnight
from hubspot_sync.http.errors import Throttled
from hubspot_sync.http.rate_headers import RateHeaders
from hubspot_sync.http.rate_window import CallSlot, LocalWindow, RateLimit, SharedWindows
from web.redis import WORKER_SECONDS, QuickRedis

SEARCHES_PER_SECOND = 5  # for all apps of an account together
UNKNOWN_MIDNIGHT = 3600.0  # seconds until the next look while the account's time zone is unknown

RateLimits = dict[str, RateLimit]


class Limiter:
    """`zone` is the account's time zone (`Europe/Berlin`); None until it has been read."""

    def __init__(
        self,
        url: str,
        limits: RateLimits,
        *,
        workers: int,
        zone: str | None = None,
        timeout: float = WORKER_SECONDS,
    ) -> None:
        self.zone = zone
        self._redis = QuickRedis(url, timeout=timeout)
        self._shared = SharedWindows(self._redis.client)
        self._limits = limits
        self._workers = workers
        self._alone: dict[str, LocalWindow] = {}
        self._parked_until = 0.0

    @property
    def answers(self) -> bool:
        """Whether Redis answered the last query; if not, this process only knows its own state."""
        return not self._redis.resting

    def take(self, path: str, *, patience: float) -> CallSlot:
        """Wait up to `patience` seconds for a slot for this path; call `answered` afterwards.

        Raises Throttled with the seconds to wait when no slot is free in time: put the work back.
        """
        bucket = bucket_of(path)
        if closed := self._closed_here():
            raise Throttled("daily_quota_used_up", retry_after=closed)
        slot = self._redis.ask(lambda: self._shared.take(bucket, self._limits[bucket], patience=patience))
        if slot is None:
            slot = self._local(bucket).take(patience=patience)
        else:
            self._alone.clear()
        time.sleep(slot.wait)
        return slot

    def answered(self, slot: CallSlot, headers: RateHeaders) -> None:
        """Release the slot after a call; `headers` are those of its answer, if there was one."""
        park = self._until_midnight() if headers.day_is_used_up else None
        if park is not None:
            self._parked_until = time.monotonic() + park
        limit = self._limits[slot.bucket]
        if not slot.name or not self._redis.ask(
            lambda: self._shared.answered(slot, limit, headers, park=park)
        ):
            self._local(slot.bucket).answered(headers)

    def closed_for(self) -> float:
        """Seconds for which writes are blocked: after a throttle, or for the rest of the day."""
        return self._redis.ask(lambda: self._shared.closed_for("general")) or self._closed_here()

    def _closed_here(self) -> float:
        return max(0.0, self._parked_until - time.monotonic())

    def _local(self, bucket: str) -> LocalWindow:
        if not self._alone:
            self._alone.update(
                {
                    name: LocalWindow(name, limit, workers=self._workers)
                    for name, limit in self._limits.items()
                }
            )
        return self._alone[bucket]

    def _until_midnight(self) -> float:
        try:
            return until_midnight(datetime.now(UTC), self.zone or "")
        except (KeyError, ValueError, OSError):  # unknown zone
            return UNKNOWN_MIDNIGHT


def bucket_of(path: str) -> str:
    """Which of HubSpot's rate windows a call counts in."""
    if path.endswith("/search"):
        return "search"
    return "associations" if "/associations/" in path else "general"


def rate_limits(calls: int, *, headroom: int) -> RateLimits:
    """The limits of an account that allows `calls` in ten seconds, less `headroom` percent for others."""
    share = 1 - headroom / 100
    allowed = {"general": (calls, 10.0), "associations": (calls, 10.0), "search": (SEARCHES_PER_SECOND, 1.0)}
    return {
        bucket: RateLimit(max(1, int(calls * share)), seconds, share)
        for bucket, (calls, seconds) in allowed.items()
    }


@lru_cache(maxsize=1)
def limiter() -> Limiter:
    """The limiter of this process."""
    return Limiter(
        settings.RATE_LIMIT_REDIS_URL,
        rate_limits(settings.HUBSPOT_CALLS_PER_10_SECONDS, headroom=settings.HUBSPOT_HEADROOM_PERCENT),
        workers=settings.HUBSPOT_WORKERS,
        zone=settings.HUBSPOT_TIME_ZONE or None,
    )
