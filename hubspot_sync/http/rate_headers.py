"""Parse the rate-limit headers of HubSpot's answers: hubspot.md, section 4."""

import re
from dataclasses import dataclass

import requests

from hubspot_sync.http.responses import json_object_or_none, retry_after

NUMBER = re.compile(r"[0-9]{1,7}")
MOST_USED = 10_000  # calls in a window, of all apps of an account
INTERVALS = range(1, 60_001)  # milliseconds
DAILY = "DAILY"  # the policy of a 429 that lasts until midnight


@dataclass(frozen=True, slots=True)
class RateHeaders:
    """`limit` calls are allowed per `interval_ms`, and `remaining` were left; None where not reported.

    `refused`: the call itself was throttled; then `wait` is Retry-After in seconds.
    """

    limit: int | None = None
    remaining: int | None = None
    interval_ms: int | None = None
    refused: bool = False
    wait: float | None = None
    day_is_used_up: bool = False


def read_rate_headers(response: requests.Response) -> RateHeaders:
    """Parse the headers; an answer to a search lacks those of its window, and a proxy's answer lacks all."""
    refused = response.status_code == 429
    limit, remaining, interval = (
        number_in(response, f"X-HubSpot-RateLimit-{name}")
        for name in ("Max", "Remaining", "Interval-Milliseconds")
    )
    if not is_plausible(limit, remaining, interval):
        limit = remaining = interval = None
    return RateHeaders(
        limit=limit,
        remaining=remaining,
        interval_ms=interval,
        refused=refused,
        wait=retry_after(response) or None if refused else None,
        day_is_used_up=refused and (json_object_or_none(response) or {}).get("policyName") == DAILY,
    )


def is_plausible(limit: int | None, remaining: int | None, interval: int | None) -> bool:
    """Whether these can be HubSpot's; hours would stop all workers, a million calls fill Redis."""
    used = limit - remaining if limit is not None and remaining is not None else 0
    return limit != 0 and 0 <= used <= MOST_USED and (interval is None or interval in INTERVALS)


def number_in(response: requests.Response, header: str) -> int | None:
    text = response.headers.get(header, "")
    return int(text) if NUMBER.fullmatch(text) else None
