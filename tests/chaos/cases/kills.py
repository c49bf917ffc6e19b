"""Workers that die: the whole group at a named point, or one child of the pool at any moment."""

import itertools
import os
import random
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from tests.chaos.case import Case, Finding, Scale, conclude
from tests.chaos.crowd import feed
from tests.chaos.fail_points import POINTS
from tests.chaos.programs import children
from tests.chaos.world import World

EVERY = "2"  # a life passes its point once before it dies there, so that there is progress between
RATE = 20.0  # leads a second
MUST_HOLD = "0 lost, 0 duplicate contacts, deals, associations; all done within lease + 60 s"


def kill_group(world: World, scale: Scale, *, points: Sequence[str]) -> Finding:
    """The group dies `scale.kills` times, at each of the points in turn, and is restarted each time."""
    if any(point.endswith("postponed") for point in points):
        world.hubspot.fails("status", status=503, every=3)
    deadly = itertools.islice(itertools.cycle(points), scale.kills)
    lives = [("--die-at", point, "--every", EVERY, *scale.options) for point in deadly]
    world.start_workers(*lives, scale.options)
    world.pool_ready()  # else one claim may take all leads, and pass its point only once
    told = feed(world, scale.leads, rate=RATE).finish(world)
    world.hubspot.recovers()
    world.end_waits()
    world.delivered(seconds=2 * scale.bound)
    [group] = world.workers
    took = time.monotonic() - group.died
    return conclude(
        world,
        told.accepted,
        f"{group.deaths} deaths, done {took:.0f} s after the last",
        (group.deaths > 0, "the point was never passed"),
        (took <= scale.bound, f"not done within {scale.bound:.0f} s"),
    )


def kill_children(world: World, scale: Scale) -> Finding:
    """One child of the pool dies every two seconds while leads come in."""
    world.start_workers(scale.options)
    [group] = world.workers
    world.pool_ready()
    feeder = feed(world, scale.leads, rate=scale.leads / scale.seconds)
    deaths, last, end = 0, 0.0, time.monotonic() + scale.seconds
    while time.monotonic() < end:
        world.wait(2)
        for pid in random.sample(children(group.pid), k=min(1, len(children(group.pid)))):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                deaths, last = deaths + 1, time.monotonic()
    told = feeder.finish(world)
    world.delivered(seconds=2 * scale.bound)
    took = time.monotonic() - last
    return conclude(
        world,
        told.accepted,
        f"{deaths} children died, done {took:.0f} s after the last",
        (deaths > 0, "no child was there to die"),
        (group.deaths == 0, "the whole worker died too"),
        (took <= scale.bound, f"not done within {scale.bound:.0f} s"),
    )


CASES = (
    *(
        Case(
            name=f"kill-{point.replace('_', '-')}",
            must_hold=MUST_HOLD,
            play=partial(kill_group, points=[point]),
            full=Scale(leads=1000, kills=4),
            small=Scale(leads=60, kills=2, lease=3),
        )
        for point in POINTS
    ),
    Case(
        name="kill-children",
        must_hold=MUST_HOLD,
        play=kill_children,
        full=Scale(leads=6000, seconds=300),
        small=Scale(leads=80, seconds=6, lease=3),
    ),
)
