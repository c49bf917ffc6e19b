"""The circuit breaker: while a destination is down, one row a minute probes whether it is back.

All workers share its state through Redis. The state is only a hint: if Redis has lost it or does not answer,
the circuit is closed. That is safe, because every row has its own backoff in the database.
"""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

from hubspot_sync.http.errors import HubSpotError, NotAuthorised, Throttled, TryAgain
from web.redis import WORKER_SECONDS, QuickRedis

OUTAGES = 5  # consecutive failures, of all workers together, that open the circuit
PROBE_SECONDS = 60  # from the end of one probe to the next
FLIGHT_SECONDS = 40  # longest probe: the client's patience and timeouts
FORGET_SECONDS = 86_400  # expiry of a state that is not renewed; a row waits for half an hour at most

LUA = Path(__file__).parent / "lua"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """Why the circuit is open: a code of `causes`, with the scopes that the token lacks."""

    since: datetime
    cause: str

    @property
    def token_refused(self) -> bool:
        return self.cause.startswith("not_authorised_401")


class Breaker:
    def __init__(self, url: str, destination: str, *, timeout: float = WORKER_SECONDS) -> None:
        self._redis = QuickRedis(url, timeout=timeout)
        self._destination = destination
        self._keys = [f"{{breaker:{destination}}}:{name}" for name in ("outages", "open", "probe", "back")]
        _, self._open, self._probe, self._back = self._keys
        self._failed = self._redis.client.register_script((LUA / "circuit_failed.lua").read_text())
        self._answered = self._redis.client.register_script((LUA / "circuit_answered.lua").read_text())

    @property
    def answers(self) -> bool:
        """Whether Redis answered the last query; if not, the state is unknown."""
        return not self._redis.resting

    def admits(self, limit: int) -> int:
        """How many rows may be sent now: `limit`, one as a probe, or none."""
        if self.opened() is None:
            return limit
        hold = PROBE_SECONDS + FLIGHT_SECONDS  # released by the expiry if the probe's worker dies
        probe = self._redis.ask(lambda: self._redis.client.set(self._probe, 1, nx=True, ex=hold))
        return 1 if probe else 0

    def opened(self) -> Opened | None:
        """Why the circuit is open; None when it is closed or its state is unknown."""
        found = self._redis.ask(lambda: self._redis.client.hgetall(self._open))
        if not found:
            return None
        state = {str(name): str(value) for name, value in found.items()}
        return Opened(datetime.fromtimestamp(int(state["since"]), UTC), state["cause"])

    def failed(self, error: HubSpotError) -> None:
        """Count an outage; an authorisation error opens at once. Rejected data counts as an answer."""
        if isinstance(error, NotAuthorised):
            self._count(error.cause, enough=0)
        elif not isinstance(error, TryAgain):
            self.answered()
        elif not isinstance(error, Throttled):
            self._count(error.cause, enough=OUTAGES)

    def answered(self) -> None:
        """Close the circuit: the destination works."""
        if self._redis.ask(lambda: self._answered(keys=self._keys, args=[FORGET_SECONDS])):
            logger.warning("The circuit to %s is closed: it answers again", self._destination)

    def is_back(self) -> bool:
        """Whether the circuit has closed since the last call; True for exactly one worker."""
        return bool(self._redis.ask(lambda: self._redis.client.delete(self._back)))

    def _count(self, cause: str, *, enough: int) -> None:
        failure = {"cause": cause, "enough": enough, "forget": FORGET_SECONDS, "pause": PROBE_SECONDS}
        if self._redis.ask(lambda: self._failed(keys=self._keys[:3], args=[json.dumps(failure)])):
            logger.warning("The circuit to %s is open (%s): a probe a minute", self._destination, cause)


@lru_cache(maxsize=1)
def breaker() -> Breaker:
    """The breaker for HubSpot in this process."""
    return Breaker(settings.RATE_LIMIT_REDIS_URL, circuit_name())


def circuit_name() -> str:
    """One circuit per account and token, so that a worker with a wrong token cannot stop the others."""
    access = f"{settings.HUBSPOT_BASE_URL} {settings.HUBSPOT_TOKEN}"
    return f"hubspot-{salted_hmac('hubspot_sync.circuit', access, algorithm='sha256').hexdigest()[:12]}"
