"""Rate limits by client or session: docs/api.md. The limits are run-time settings."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from constance import config
from django.http import HttpResponse
from limits import RateLimitItemPerHour

from web.shared_counters import counters

LimitedAction = Literal["starts", "saves", "submits", "result_views", "privacy_requests", "resume_mails"]


class TooManyRequests(Exception):
    """A rate limit is exceeded; `retry_after` in seconds, `headers` as in docs/api.md."""

    def __init__(self, retry_after: int, headers: Mapping[str, str]) -> None:
        super().__init__("rate limit reached")
        self.retry_after = retry_after
        self.headers = {**headers, "Retry-After": str(retry_after)}


@dataclass(frozen=True, slots=True)
class Allowance:
    """The remaining allowance of a limit; `free_at` is the Unix time at which the next request is allowed."""

    limit: int
    remaining: int
    free_at: float
    is_exceeded: bool = False

    def require(self) -> None:
        """Raise TooManyRequests if this action exceeded the limit."""
        if self.is_exceeded:
            raise TooManyRequests(max(1, math.ceil(self.free_at - time.time())), self.headers)

    def set_headers(self, response: HttpResponse) -> None:
        """Set the rate limit headers of docs/api.md."""
        for name, value in self.headers.items():
            response[name] = value

    @property
    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(math.ceil(self.free_at)),
        }


def count_action(action: LimitedAction, key: str) -> Allowance:
    """Count one action under this client hash or session."""
    limit: int = getattr(config, f"LIMIT_{action.upper()}_PER_HOUR")
    allowed, remaining, free_at = counters().hit(RateLimitItemPerHour(limit, namespace=action), key)
    return Allowance(limit, max(remaining, 0), free_at, is_exceeded=not allowed)


def enforce_limit(action: LimitedAction, key: str) -> Allowance:
    """Count one action; raises TooManyRequests over the limit."""
    allowance = count_action(action, key)
    allowance.require()
    return allowance
