"""What encrypted columns cost the form: processor time of the web processes for each run, as a ratio.

A form that answers as fast as it can does so many runs a second as its processor time allows; unlike the
number of runs a second, processor time does not depend on what else the machine does.
"""

import argparse
import os
import statistics
from pathlib import Path

from tests.chaos.crowd import invite
from tests.chaos.programs import children
from tests.chaos.world import World, world

KEYS = {"plain": "none", "encrypted": "benchmark-" * 5}
WARM_UP = 30
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=150, help="of each kind in one round")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--rate", type=float, default=10.0, help="visitors a second")
    options = parser.parse_args()
    rounds = []
    with world() as ours:
        for number in range(options.rounds):
            names = list(KEYS) if number % 2 else list(KEYS)[::-1]
            costs = {name: cost(ours, KEYS[name], options.runs, options.rate) for name in names}
            rounds.append(costs["plain"] / costs["encrypted"])
            print(
                ", ".join(f"{name} {costs[name] * 1000:.1f} ms a run" for name in sorted(costs)), flush=True
            )
    print(
        f"throughput of encrypted to plain: median {statistics.median(rounds):.3f} of {len(rounds)} rounds,"
        f" from {min(rounds):.3f} to {max(rounds):.3f}"
    )


def cost(ours: World, keys: str, runs: int, rate: float) -> float:
    """Processor seconds of one run through a form that was started for this and has warmed up."""
    url = ours.start_web(FIELD_ENCRYPTION_KEYS=keys)
    invite(ours, url, WARM_UP, rate=rate).finish(ours)
    before = processor_seconds(ours.others[-1].pid)
    told = invite(ours, url, runs, rate=rate).finish(ours)
    spent = processor_seconds(ours.others[-1].pid) - before
    ours.end_product()
    return spent / len(told.accepted.leads)


def processor_seconds(pid: int) -> float:
    """Of a process and all that it started, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS + sum(map(processor_seconds, children(pid)))


if __name__ == "__main__":
    main()
