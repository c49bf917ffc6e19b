"""Parse the rate-limit headers of HubSpot's answers: hubspot.md, section 4."""

import re
from dataclasses import dataclass

import requests

from hubspot_sync.http.responses import json_object_or_none, retry_after

NUMBER = re.compile(r"[0-9]{1,7}")
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
    return RateHeaders(
        limit=number_in(response, "X-HubSpot-RateLimit-Max") or None,
        remaining=number_in(response, "X-HubSpot-RateLimit-Remaining"),
        interval_ms=number_in(response, "X-HubSpot-RateLimit-Interval-Milliseconds") or None,
        refused=refused,
        wait=retry_after(response) or None if refused else None,
        day_is_used_up=refused and (json_object_or_none(response) or {}).get("policyName") == DAILY,
    )


def number_in(response: requests.Response, header: str) -> int | None:
    text = response.headers.get(header, "")
    return int(text) if NUMBER.fullmatch(text) else None
