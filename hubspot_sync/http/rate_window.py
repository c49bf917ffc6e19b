"""Rolling windows of calls: one in Redis that all workers share, one for a worker that is alone.

A shared place is held from before the call until a whole window after its answer. HubSpot counts the call
somewhere in between, so whatever the network does, its window never holds more than ours.
"""

import time
import uuid
from dataclasses import dataclass

from redis import Redis

from hubspot_sync.http.errors import Throttled
from hubspot_sync.http.rate_headers import RateHeaders

MICRO = 1_000_000
FLIGHT_SECONDS = 35.0  # a call takes no longer: the client's timeouts
UNSAID = -1

# Times are microseconds of Redis' own clock; no worker's clock matters. `calls` holds one member for each
# place, scored by the moment at which it becomes free; old members stay a while, see ANSWERED.
# Calls are spread over the window, so that nobody ever waits long for a place; a tenth of a window may be
# caught up with at once.
TAKE = """
local calls, state, day = KEYS[1], KEYS[2], KEYS[3]
local limit, window, share = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local patience, flight, name = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local kept, hour = 60000000, 3600
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

local parked = tonumber(redis.call('HGET', day, 'until') or 0) - now
if parked > 0 then return {'day', parked} end

local told = redis.call('HMGET', state, 'limit', 'window', 'pause', 'due')
if told[1] then limit = math.max(1, math.min(limit, math.floor(told[1] * share + 0.001))) end
if told[2] then window = tonumber(told[2]) end
local pause, due = tonumber(told[3] or 0), math.min(tonumber(told[4] or 0), now + window)

redis.call('ZREMRANGEBYSCORE', calls, '-inf', now - kept)
redis.call('ZREMRANGEBYSCORE', calls, now + 2 * (window + flight), '+inf')  -- the clock was set back

local free, live = now, string.format('(%.0f', now)
local used = redis.call('ZCOUNT', calls, live, '+inf')
if used >= limit then
    local last = redis.call('ZRANGEBYSCORE', calls, live, '+inf', 'WITHSCORES', 'LIMIT', used - limit, 1)
    free = tonumber(last[2])
end
local at = math.max(free, pause, due - window / 10)
if at - now > patience then
    return {'full', math.max(math.min(free, now + window), pause, due - window / 10) - now}
end
redis.call('ZADD', calls, at + flight + window, name)
redis.call('HSET', state, 'due', math.max(due, at) + window / limit)
redis.call('EXPIRE', calls, hour)
redis.call('EXPIRE', state, hour)
return {'place', at - now, at}
"""

# `known` are the calls that HubSpot may have counted when it gave this answer: those whose place was not free
# yet when the call set out. What it counted beyond them was somebody else's, or ours before Redis forgot.
# After a refusal all wait: as long as HubSpot says, else a whole window. Where it says what remains, as many
# places are held, and the wait grows with every refusal in a row.
ANSWERED = """
local calls, state, day = KEYS[1], KEYS[2], KEYS[3]
local name, at, window, limit, remaining, refused, wait, park = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]),
    tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6] == '1', tonumber(ARGV[7]), tonumber(ARGV[8])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
redis.call('ZADD', calls, now + window, name)

if limit >= 0 and remaining >= 0 then
    redis.call('HSET', state, 'limit', limit, 'window', window)
    local known = redis.call('ZCOUNT', calls, string.format('(%.0f', at), '+inf')
    for other = 1, limit - remaining - known do
        redis.call('ZADD', calls, now + window, name .. ':' .. other)
    end
end

if park >= 0 then
    redis.call('HSET', day, 'until', now + park)
    redis.call('EXPIRE', day, math.ceil(park / 1000000) + 60)
end
if refused then
    local row = redis.call('HINCRBY', state, 'refusals', 1)
    if wait < 0 and remaining >= 0 and limit > 0 then
        wait = math.min(window, math.max(0, row - 2) * window / limit)
    end
    if wait < 0 then wait = window end
    local pause = tonumber(redis.call('HGET', state, 'pause') or 0)
    redis.call('HSET', state, 'pause', math.max(pause, now + wait))
    redis.call('EXPIRE', state, math.max(3600, math.ceil(wait / 1000000) + 60))
else
    redis.call('HDEL', state, 'refusals')
end
"""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`calls` in any `seconds`: our `share` (0 to 1) of what HubSpot allows."""

    calls: int
    seconds: float
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class CallSlot:
    """Room for one call, `wait` seconds from when it was given. Without a `name` it is nobody else's."""

    bucket: str
    wait: float
    name: str = ""
    at: int = 0


class SharedWindows:
    """Every method raises RedisError when Redis does not answer."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._take = redis.register_script(TAKE)
        self._answered = redis.register_script(ANSWERED)

    def take(self, bucket: str, rule: RateLimit, *, patience: float) -> CallSlot:
        """A place within `patience` seconds. Raises Throttled when there is none so soon."""
        name = uuid.uuid4().hex
        outcome, wait, *at = self._take(
            keys=redis_keys(bucket),
            args=[
                rule.calls,
                microseconds(rule.seconds),
                rule.share,
                microseconds(max(0.0, patience)),
                microseconds(FLIGHT_SECONDS),
                name,
            ],
        )
        if outcome == "day":
            raise Throttled("daily_quota_used_up", retry_after=wait / MICRO)
        if outcome == "full":
            raise Throttled("throttled", retry_after=wait / MICRO)
        return CallSlot(bucket, wait / MICRO, name, at[0])

    def answered(
        self, place: CallSlot, rule: RateLimit, pressure: RateHeaders, *, park: float | None
    ) -> bool:
        """Let the place run out, and learn. `park` seconds nobody calls at all."""
        window = pressure.interval_ms * 1000 if pressure.interval_ms else microseconds(rule.seconds)
        self._answered(
            keys=redis_keys(place.bucket),
            args=[
                place.name,
                place.at,
                window,
                UNSAID if pressure.limit is None else pressure.limit,
                UNSAID if pressure.remaining is None else pressure.remaining,
                int(pressure.refused),
                UNSAID if pressure.wait is None else microseconds(pressure.wait),
                UNSAID if park is None else microseconds(park),
            ],
        )
        return True

    def closed_for(self, bucket: str) -> float:
        """Seconds until anybody may call again; 0 when calls are allowed."""
        _, state, day = redis_keys(bucket)
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.time()
        pipeline.hget(state, "pause")
        pipeline.hget(day, "until")
        (seconds, rest), *untils = pipeline.execute()
        left: list[float] = [float(until) / MICRO - seconds - rest / MICRO for until in untils if until]
        return max([0.0, *left])


class LocalWindow:
    """An even pace for a worker that is alone: its share of the limit, however many others there are.

    The first window stays empty: what all workers did together before may still fill HubSpot's.
    """

    def __init__(self, bucket: str, rule: RateLimit, *, workers: int) -> None:
        self._bucket = bucket
        self._seconds = rule.seconds
        self._gap = rule.seconds * workers / rule.calls
        self._due = time.monotonic() + rule.seconds

    def take(self, *, patience: float) -> CallSlot:
        """A place within `patience` seconds. Raises Throttled when there is none so soon."""
        now = time.monotonic()
        wait = max(0.0, self._due - now)
        if wait > max(0.0, patience):
            raise Throttled("throttled", retry_after=wait)
        self._due = now + wait + self._gap
        return CallSlot(self._bucket, wait)

    def answered(self, pressure: RateHeaders) -> None:
        if pressure.refused:
            self._due = max(self._due, time.monotonic() + (pressure.wait or self._seconds))


def microseconds(seconds: float) -> int:
    return round(seconds * MICRO)


def redis_keys(bucket: str) -> list[str]:
    """The braces keep them together on a cluster."""
    return [f"{{hubspot}}:{bucket}:calls", f"{{hubspot}}:{bucket}", "{hubspot}:day"]
