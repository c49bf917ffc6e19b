"""Backoff: the delay before the next attempt. Pure: the caller supplies the randomness."""

from collections.abc import Sequence

SCHEDULE = (60, 300, 900, 1800, 3600)  # seconds; the last one repeats
FULL_JITTER = (0.0, 1.0)


def retry_delay(
    failures: int,
    chance: float,
    *,
    schedule: Sequence[float] = SCHEDULE,
    jitter: tuple[float, float] = FULL_JITTER,
) -> float:
    """Return the seconds until the next attempt after this many failures (1 is the first).

    `chance` in [0, 1] is mapped to `jitter`, the minimum and maximum fraction of the scheduled delay, so that
    rows which failed together are not retried together.
    """
    step = schedule[min(max(failures, 1), len(schedule)) - 1]
    least, most = jitter
    return step * (least + (most - least) * chance)
