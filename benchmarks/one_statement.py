"""What batches cost beside one statement that does the same to the same rows."""

from collections.abc import Callable

from tests.chaos.world import World

SECONDS = 3600


def compare(ours: World, timer: str, prepare: Callable[[], None], rows: int, times: int) -> None:
    """Both take turns on rows made anew. The fastest of each counts: what else a machine does only slows."""
    whole, batches, longest = [], [], []
    for _ in range(times):
        prepare()
        whole.append(timed(ours, timer, "whole")[0])
        prepare()
        seconds, lock = timed(ours, timer)
        batches.append(seconds)
        longest.append(lock)
        print(f"turn: {rows / whole[-1]:.0f} and {rows / batches[-1]:.0f} a second", flush=True)
    print(f"in one statement: {rows / min(whole):.0f} a second", flush=True)
    print(
        f"in batches: {rows / min(batches):.0f} a second, {min(whole) / min(batches):.0%} of that", flush=True
    )
    print(f"rows locked at the longest for {max(longest) * 1000:.0f} ms", flush=True)


def timed(ours: World, timer: str, *how: str) -> tuple[float, float]:
    """Seconds in all, and of the longest transaction."""
    seconds, longest = ours.begin(timer, *how).finish(seconds=SECONDS)[-1].split()
    return float(seconds), float(longest)
