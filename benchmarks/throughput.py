"""Leads per second at 100 calls in 10 seconds, with 1 and 4 workers, as a ratio to what the limit allows."""

import argparse

from tests.chaos.bulk import copy_leads, queue_leads
from tests.chaos.world import World, world

MOST = 100 / 10 / 2 * 100  # leads a second: ten calls, two of them for a batch of a hundred


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=10_000)
    leads = parser.parse_args().leads
    with world() as ours:
        for workers in (1, 4):
            rate = leads / deliver(ours, leads, workers)
            print(f"{workers} workers: {rate:.0f} leads/s, {rate / MOST:.0%} of the limit", flush=True)
            ours.clean()


def deliver(ours: World, leads: int, workers: int) -> float:
    """Seconds until all are in HubSpot."""
    copy_leads(ours, leads)
    ours.start_workers(concurrency=workers)
    ours.pool_ready()
    queue_leads(ours)
    ours.wake_up()
    return ours.delivered(seconds=600)


if __name__ == "__main__":
    main()
