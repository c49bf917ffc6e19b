"""PostgreSQL restarts and dies while visitors submit through gunicorn."""

import time
from functools import partial

from tests.chaos.case import Case, Finding, Scale, conclude
from tests.chaos.crowd import invite
from tests.chaos.world import World

RATE = 5.0  # visitors a second
UNAVAILABLE = 15.0  # seconds after each outage in which a visitor may see an error: reliability.md, bar 17


def outages(world: World, scale: Scale, *, kill: bool) -> Finding:
    """PostgreSQL goes `scale.kills` times, evenly spread, and comes back each time after a second."""
    url = world.start_web()
    world.start_workers(scale.options)
    world.pool_ready()
    crowd = invite(world, url, int((scale.seconds + scale.calm) * RATE), rate=RATE)
    moments = []
    for _ in range(scale.kills):
        world.wait(scale.seconds / scale.kills - 1)
        moments.append(time.time())
        if kill:
            world.postgres.kill()
        else:
            world.postgres.stop()
        time.sleep(1)
        world.postgres.start()
    calm = time.monotonic()
    told = crowd.finish(world)
    world.delivered(seconds=2 * scale.bound)
    took = time.monotonic() - calm
    late = [
        line["at"]
        for line in told.lines
        if "key" not in line and not any(0 <= line["at"] - moment + 1 <= UNAVAILABLE for moment in moments)
    ]
    return conclude(
        world,
        told.accepted,
        f"{scale.kills} outages, {told.disappointed} of {len(told.lines)} visitors saw an error; "
        f"{told.submits}; all delivered {took:.0f} s after",
        (len(told.accepted.leads) > len(told.lines) / 4, "hardly a visitor was accepted"),
        (not late, f"{len(late)} visitors saw an error more than {UNAVAILABLE:.0f} s after an outage"),
        (took <= scale.bound, f"not all delivered within {scale.bound:.0f} s"),
        (max(told.seconds, default=0) < 10, "a submit took 10 s or more"),
        (all(program.deaths == 0 for program in world.workers), "a worker died"),
    )


MUST_HOLD = "0 lost, 0 duplicate, recovery by itself"

CASES = (
    Case(
        "postgres-restart",
        MUST_HOLD,
        partial(outages, kill=False),
        full=Scale(seconds=120, kills=10, calm=20),
        small=Scale(seconds=3, kills=1, calm=6, lease=3),
    ),
    Case(
        "postgres-kill",
        MUST_HOLD,
        partial(outages, kill=True),
        full=Scale(seconds=120, kills=10, calm=20),
        small=Scale(seconds=3, kills=1, calm=6, lease=3),
    ),
)
