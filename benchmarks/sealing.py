"""Runs a second through the form with sealed personal columns, as a ratio to runs without them."""

import argparse
import statistics
import time

from tests.chaos.crowd import invite
from tests.chaos.world import World, world

KEYS = {"plain": "none", "sealed": "benchmark-" * 5}
WARM_UP = 50
ALL_AT_ONCE = 10_000.0  # visitors a second: as fast as the form answers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="of each kind in one round")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    rounds = []
    with world() as ours:
        for number in range(options.rounds):
            names = list(KEYS) if number % 2 else list(KEYS)[::-1]
            speeds = {name: speed(ours, KEYS[name], options.runs) for name in names}
            rounds.append(speeds["sealed"] / speeds["plain"])
            print(", ".join(f"{name} {speeds[name]:.1f} runs/s" for name in sorted(speeds)), flush=True)
    print(
        f"sealed / plain: median {statistics.median(rounds):.2f} of {len(rounds)} rounds,"
        f" from {min(rounds):.2f} to {max(rounds):.2f}"
    )


def speed(ours: World, keys: str, runs: int) -> float:
    """Of a form that was started for this and has warmed up, alone on the machine."""
    url = ours.start_web(FIELD_ENCRYPTION_KEYS=keys)
    invite(ours, url, WARM_UP, rate=ALL_AT_ONCE).finish(ours)
    start = time.monotonic()
    told = invite(ours, url, runs, rate=ALL_AT_ONCE).finish(ours)
    took = time.monotonic() - start
    if told.disappointed:
        raise SystemExit(f"{told.disappointed} of {runs} visitors were disappointed.")
    ours.end_product()
    return runs / took


if __name__ == "__main__":
    main()
