"""Rolling-window rate limiting: a window in Redis shared by all workers, and a local one without Redis.

A shared slot is occupied from before the call until a whole window after its answer. HubSpot counts the call
somewhere in between, so its window never contains more calls than ours, whatever the latency.
"""

import json
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from hubspot_sync.http.errors import Throttled
from hubspot_sync.http.rate_headers import RateHeaders

MICRO = 1_000_000
FLIGHT_SECONDS = 35.0  # longest call: the client's timeouts

LUA = Path(__file__).parent / "lua"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`calls` in any `seconds`, and the `share` (0 to 1) of HubSpot's limit that is ours."""

    calls: int
    seconds: float
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class CallSlot:
    """A slot for one call, `wait` seconds after its grant. Without a `name` it is local to the process."""

    bucket: str
    wait: float
    name: str = ""
    at: int = 0


class SharedWindows:
    """The windows in Redis. Every method raises RedisError when Redis does not answer."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._take = redis.register_script((LUA / "take_slot.lua").read_text())
        self._answered = redis.register_script((LUA / "answered.lua").read_text())

    def take(self, bucket: str, limit: RateLimit, *, patience: float) -> CallSlot:
        """Take a slot within `patience` seconds. Raises Throttled when none is free in time."""
        name = uuid.uuid4().hex
        asked = {
            "name": name,
            "limit": limit.calls,
            "window": microseconds(limit.seconds),
            "share": limit.share,
            "patience": microseconds(max(0.0, patience)),
            "flight": microseconds(FLIGHT_SECONDS),
        }
        outcome, wait, *at = self._take(keys=redis_keys(bucket), args=[json.dumps(asked)])
        if outcome == "day":
            raise Throttled("daily_quota_used_up", retry_after=wait / MICRO)
        if outcome == "full":
            raise Throttled("throttled", retry_after=wait / MICRO)
        return CallSlot(bucket, wait / MICRO, name, at[0])

    def answered(self, slot: CallSlot, limit: RateLimit, headers: RateHeaders, *, park: float | None) -> bool:
        """Let the slot expire, and learn from the answer. For `park` seconds all calls are blocked."""
        interval = headers.interval_ms
        answer = {
            "name": slot.name,
            "at": slot.at,
            "window": interval * MICRO // 1000 if interval else microseconds(limit.seconds),
            "limit": headers.limit,
            "remaining": headers.remaining,
            "refused": headers.refused,
            "wait": None if headers.wait is None else microseconds(headers.wait),
            "park": None if park is None else microseconds(park),
        }
        said = {name: value for name, value in answer.items() if value is not None}
        self._answered(keys=redis_keys(slot.bucket), args=[json.dumps(said)])
        return True

    def closed_for(self, bucket: str) -> float:
        """Seconds until calls are allowed again; 0 when they are."""
        _, state, day = redis_keys(bucket)
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.time()
        pipeline.hget(state, "pause")
        pipeline.hget(day, "until")
        (seconds, rest), *untils = pipeline.execute()
        left: list[float] = [float(until) / MICRO - seconds - rest / MICRO for until in untils if until]
        return max([0.0, *left])


class LocalWindow:
    """An even pace for a worker without Redis: its share of the limit, whatever the number of workers.

    The first window stays empty: earlier calls of all workers may still fill HubSpot's.
    """

    def __init__(self, bucket: str, limit: RateLimit, *, workers: int) -> None:
        self._bucket = bucket
        self._seconds = limit.seconds
        self._gap = limit.seconds * workers / limit.calls
        self._due = time.monotonic() + limit.seconds

    def take(self, *, patience: float) -> CallSlot:
        """Take a slot within `patience` seconds. Raises Throttled when none is free in time."""
        now = time.monotonic()
        wait = max(0.0, self._due - now)
        if wait > max(0.0, patience):
            raise Throttled("throttled", retry_after=wait)
        self._due = now + wait + self._gap
        return CallSlot(self._bucket, wait)

    def answered(self, headers: RateHeaders) -> None:
        if headers.refused:
            self._due = max(self._due, time.monotonic() + (headers.wait or self._seconds))


def microseconds(seconds: float) -> int:
    return round(seconds * MICRO)


def redis_keys(bucket: str) -> list[str]:
    """The Redis keys; their hash tag (braces) puts them into one slot of a cluster."""
    return [f"{{hubspot}}:{bucket}:calls", f"{{hubspot}}:{bucket}", "{hubspot}:day"]
