"""When to try again after a failure. Pure: the caller brings the chance."""

from collections.abc import Sequence

SCHEDULE = (60, 300, 900, 1800, 3600)  # seconds; the last one for ever
FULL_JITTER = (0.0, 1.0)


def delay(
    failures: int,
    chance: float,
    *,
    schedule: Sequence[float] = SCHEDULE,
    jitter: tuple[float, float] = FULL_JITTER,
) -> float:
    """Seconds until the next try after this many failures of a row (1 is the first).

    `chance` in [0, 1] spreads the tries over `jitter`, the least and the most of a step that is waited, so
    that rows which failed together do not come back together.
    """
    step = schedule[min(max(failures, 1), len(schedule)) - 1]
    least, most = jitter
    return step * (least + (most - least) * chance)
