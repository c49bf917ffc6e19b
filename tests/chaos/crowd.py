"""Visitors, and what they know afterwards: which leads were accepted, and how long a submit took."""

import json
import math
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.chaos.history import Accepted
from tests.chaos.world import World


@dataclass
class Feeder:
    """Leads through the real services, in a process of its own."""

    process: subprocess.Popen[str]

    def finish(self, world: World, *, seconds: float) -> Accepted:
        """Wait for the last visitor, keeping the workers up meanwhile."""
        world.until(lambda: self.process.poll() is not None, seconds=seconds, what="all visitors are done")
        assert self.process.stdout
        lines = [json.loads(line) for line in self.process.stdout]
        assert self.process.returncode == 0, "the feeder failed"
        return accepted(lines)


def feed(world: World, count: int, *, rate: float, first: int = 0, bad_every: int = 0) -> Feeder:
    options = ("--count", count, "--rate", rate, "--first", first, "--bad-every", bad_every)
    return Feeder(world.begin("tests.chaos.feeder", *map(str, options)))


def accepted(lines: Iterable[dict[str, str]]) -> Accepted:
    found = list(lines)
    return Accepted(
        {line["key"]: line["address"] for line in found if "key" in line},
        frozenset(line["unsure"] for line in found if "unsure" in line),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed (nearest rank); 0 of none."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)] if ranked else 0.0
