"""The call log: counts and timings of the calls, never the values that they carried."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote

from hubspot_simulator.account.limits import window
from hubspot_simulator.account.switches import Switches
from hubspot_simulator.account.values import instant
from hubspot_simulator.wire.messages import Json

KEPT = 200_000  # enough for the longest load test; a day of development is a few thousand


@dataclass(frozen=True, slots=True)
class Call:
    """`kind` is the route without ids, `bucket` its rate window; `status` 0 is an answer never sent."""

    at: datetime
    method: str
    path: str
    bucket: str
    inputs: int
    kind: str = "unknown"
    status: int = 0
    fault: str = ""

    def view(self) -> Json:
        return {
            "time": instant(self.at),
            "method": self.method,
            "path": self.path,
            "kind": self.kind,
            "bucket": self.bucket,
            "status": self.status,
            "inputs": self.inputs,
            "fault": self.fault,
        }


@dataclass
class CallLog:
    kept: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT))

    def add(self, call: Call) -> None:
        self.kept.append(call)

    def clear(self) -> None:
        self.kept.clear()

    def latest(self, count: int) -> list[Call]:
        """The latest calls, newest first."""
        return [self.kept[-place] for place in range(1, min(count, len(self.kept)) + 1)]

    def by_kind(self) -> dict[str, int]:
        return dict(Counter(call.kind for call in self.kept).most_common())

    def largest_windows(self, switches: Switches) -> dict[str, int]:
        """For each bucket the largest number of calls, throttled ones included, within any one window."""
        buckets = sorted({call.bucket for call in self.kept})
        return {name: _largest(_times(self.kept, name), window(name, switches)) for name in buckets}


def safe_path(path: str) -> str:
    """The path with each part replaced that may contain an address or other personal data."""
    parts = [unquote(part) for part in path.split("/")]
    return "/".join("(hidden)" if "@" in part or len(part) > 64 else part for part in parts)


def _times(calls: Iterable[Call], bucket: str) -> list[datetime]:
    return [call.at for call in calls if call.bucket == bucket]


def _largest(times: list[datetime], length: timedelta) -> int:
    most = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - length:
            first += 1
        most = max(most, last - first + 1)
    return most
