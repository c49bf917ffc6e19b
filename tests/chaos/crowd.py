"""Visitors, and what they know afterwards: which leads were accepted, and how long a submit took."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.chaos.history import Accepted
from tests.chaos.programs import Helper
from tests.chaos.world import World

FASTEST = 20.0  # leads a second that a busy machine takes at least


@dataclass(frozen=True, slots=True)
class Told:
    """What the visitors told, one mapping each: see feeder.py and visitors.py."""

    lines: Sequence[dict[str, Any]]

    @property
    def accepted(self) -> Accepted:
        return Accepted(
            {line["key"]: line["address"] for line in self.lines if "key" in line},
            frozenset(line["unsure"] for line in self.lines if "unsure" in line),
        )

    @property
    def seconds(self) -> list[float]:
        """How long each submit took, answered or not."""
        return [line["seconds"] for line in self.lines if "seconds" in line]

    @property
    def disappointed(self) -> int:
        """Visitors who were turned away or got no good answer."""
        return sum("key" not in line for line in self.lines)

    @property
    def submits(self) -> str:
        shares = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
        times = ", ".join(f"{name} {percentile(self.seconds, share):.2f} s" for name, share in shares)
        return f"submit {times}, slowest {max(self.seconds, default=0):.2f} s"


@dataclass(frozen=True, slots=True)
class Crowd:
    """Visitors on their way, in a process of their own; the last sets out after `seconds`."""

    helper: Helper
    seconds: float

    def finish(self, world: World) -> Told:
        """Wait for the last visitor, keeping the workers up meanwhile."""
        world.until(lambda: self.helper.gone, seconds=2 * self.seconds + 180, what="all visitors are done")
        return Told([json.loads(line) for line in self.helper.finish(seconds=5)])


def feed(world: World, count: int, *, rate: float, first: int = 0, bad_every: int = 0) -> Crowd:
    """Leads through the real services, without HTTP."""
    options = {"--count": count, "--rate": rate, "--first": first, "--bad-every": bad_every}
    words = [f"{name}={value}" for name, value in options.items()]
    return Crowd(world.begin("tests.chaos.feeder", *words), count / min(rate, FASTEST))


def invite(world: World, url: str, count: int, *, rate: float) -> Crowd:
    """Leads over HTTP, to gunicorn."""
    words = [url, f"--count={count}", f"--rate={rate}"]
    return Crowd(world.begin("tests.chaos.visitors", *words), count / rate)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed (nearest rank); 0 of none."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)] if ranked else 0.0
