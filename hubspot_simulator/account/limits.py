"""Rolling windows and the daily quota, with the headers HubSpot puts on its answers."""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hubspot_simulator.account.switches import Switches
from hubspot_simulator.wire.errors import Refusal, rate_limited

ONE_SECOND = timedelta(seconds=1)


def bucket(path: str) -> str:
    """The window in which a call counts: `search`, `associations` or `general`."""
    parts = path.split("/")
    if parts[-1] == "search":
        return "search"
    return "associations" if "associations" in parts else "general"


def window(bucket: str, switches: Switches) -> timedelta:
    return ONE_SECOND if bucket == "search" else timedelta(seconds=switches.burst_seconds)


@dataclass
class Limits:
    """Calls of one token, per window and per day. Not thread-safe: the portal's lock protects it."""

    windows: dict[str, deque[datetime]] = field(default_factory=dict)
    day: date | None = None
    used_today: int = 0

    def admit(self, bucket: str, now: datetime, switches: Switches) -> dict[str, str]:
        """Count one call and return its headers. Raises Refusal 429 when the window or the day is full."""
        self._turn_day(now, switches)
        limit, length = _limit(bucket, switches), window(bucket, switches)
        calls = self.windows.setdefault(bucket, deque())
        while calls and calls[0] <= now - length:
            calls.popleft()
        if self.used_today >= switches.daily_limit:
            raise self._refusal("daily", "DAILY", 0, switches)
        full = len(calls) >= limit
        if not full or switches.refused_calls_count:
            calls.append(now)
        if full:
            raise self._burst(bucket, switches)
        self.used_today += 1
        return self.headers(bucket, limit - len(calls), switches)

    def headers(self, bucket: str, remaining: int, switches: Switches) -> dict[str, str]:
        daily = {
            "X-HubSpot-RateLimit-Daily": str(switches.daily_limit),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, switches.daily_limit - self.used_today)),
        }
        if bucket == "search":
            return daily
        limit = _limit(bucket, switches)
        return daily | {
            "X-HubSpot-RateLimit-Max": str(limit),
            "X-HubSpot-RateLimit-Remaining": str(remaining),
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(round(switches.burst_seconds * 1000)),
            "X-HubSpot-RateLimit-Secondly": str(limit // 10),
            "X-HubSpot-RateLimit-Secondly-Remaining": str(min(remaining, limit // 10)),
        }

    def _turn_day(self, now: datetime, switches: Switches) -> None:
        today = now.astimezone(ZoneInfo(switches.time_zone)).date()
        if today != self.day:
            self.day, self.used_today = today, 0

    def _burst(self, bucket: str, switches: Switches) -> Refusal:
        if bucket != "search":
            return self._refusal("ten_secondly_rolling", "TEN_SECONDLY_ROLLING", 10, switches)
        return Refusal(
            429,
            "You have reached your secondly limit.",
            category="RATE_LIMITS",
            headers=self.headers(bucket, 0, switches),
        )

    def _refusal(self, name: str, policy: str, seconds: int, switches: Switches) -> Refusal:
        headers = self.headers("general", 0, switches)
        if switches.retry_after and seconds:
            headers["Retry-After"] = str(seconds)
        refusal = rate_limited(name, policy)
        refusal.headers |= headers
        return refusal


def _limit(bucket: str, switches: Switches) -> int:
    limits = {"search": switches.search_limit, "associations": switches.association_limit}
    return limits.get(bucket, switches.burst_limit)
