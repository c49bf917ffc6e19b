"""Redis loses everything, dies, or freezes, while visitors submit through gunicorn."""

import time
from collections.abc import Callable
from functools import partial

from tests.chaos.case import Case, Finding, Scale, conclude
from tests.chaos.crowd import invite, percentile
from tests.chaos.world import World

RATE = 5.0  # visitors a second
BUSY = 5.0  # seconds that a submit may take among other tests; a request that waits for Redis took over 40
SWEEP = 90.0  # reliability.md, bar 2: worst delay after the trouble


def trouble(world: World, scale: Scale, *, make: Callable[[World, Scale], str], within: float) -> Finding:
    """Visitors come while `make` does its worst; afterwards all that is open is delivered in time."""
    url = world.start_web()
    world.start_workers(scale.options)
    world.pool_ready()
    crowd = invite(world, url, int(scale.seconds * RATE), rate=RATE)
    done = make(world, scale)
    calm = time.monotonic()
    told = crowd.finish(world)
    world.delivered(seconds=within + 120)
    took, p99 = time.monotonic() - calm, percentile(told.seconds, 0.99)
    return conclude(
        world,
        told.accepted,
        f"{done}; {told.submits}; all delivered {took:.0f} s after",
        (p99 < scale.p99, f"submit p99 is {p99:.2f} s"),
        (told.disappointed == 0, f"{told.disappointed} visitors got no result"),
        (took <= within, f"not all delivered within {within:.0f} s"),
        (all(program.deaths == 0 for program in world.workers), "a worker died"),
        figures={"submit_seconds_p99": p99, "delivered_after_seconds": took},
    )


def flush(world: World, scale: Scale) -> str:
    times, end = 0, time.monotonic() + scale.seconds
    while time.monotonic() < end:
        world.wait(min(10, scale.seconds / 3))
        world.redis.flush()
        times += 1
    return f"{times} times flushed"


def kill(world: World, scale: Scale) -> str:
    pause = scale.seconds / scale.kills / 2
    for _ in range(scale.kills):
        world.wait(pause)
        world.redis.kill()
        world.wait(pause)
        world.redis.start()
    return f"{scale.kills} times killed"


def freeze(world: World, scale: Scale) -> str:
    world.wait(min(5, scale.seconds / 4))
    world.redis.freeze()
    try:
        world.wait(scale.seconds)
    finally:
        world.redis.thaw()
    return f"frozen for {scale.seconds:.0f} s"


MUST_HOLD = "100 % delivered; submit p99 under 1 s throughout"

CASES = (
    Case(
        "redis-flush",
        MUST_HOLD,
        partial(trouble, make=flush, within=SWEEP),
        full=Scale(seconds=120),
        small=Scale(seconds=6, p99=BUSY),
    ),
    Case(
        "redis-kill",
        MUST_HOLD,
        partial(trouble, make=kill, within=SWEEP),
        full=Scale(seconds=120, kills=20),
        small=Scale(seconds=6, kills=2, p99=BUSY),
    ),
    Case(
        "redis-frozen",
        MUST_HOLD,
        partial(trouble, make=freeze, within=SWEEP),
        full=Scale(seconds=300),
        small=Scale(seconds=6, p99=BUSY),
    ),
)
