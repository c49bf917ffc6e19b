"""HubSpot is down for hours, loses its answers, throttles, or refuses some of the leads."""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tests.chaos.case import Case, Finding, Scale, conclude
from tests.chaos.crowd import feed
from tests.chaos.people import CAUSES
from tests.chaos.world import World

RATE = 50.0  # leads a second
MINUTE = 60
STEP_SECONDS = 0.15  # of our time for a minute of theirs
RECOVERY_MINUTES = 35
OPENING = 5  # calls until the breaker knows
KINDS = {
    "contacts": "POST objects/contacts/batch/upsert",
    "deals": "POST objects/deals/batch/upsert",
    "links": "POST associations/deals/contacts/batch/associate/default",
}

Calls = list[dict[str, Any]]


def outage(world: World, scale: Scale) -> Finding:
    """HubSpot answers 503 for `scale.seconds` of moved time; a minute of it passes in `STEP_SECONDS`."""
    world.start_workers(scale.options)
    world.pool_ready()
    before = len(world.hubspot.calls())
    world.hubspot.fails("status", status=503)
    told = feed(world, scale.leads, rate=RATE).finish(world)
    world.until(lambda: world.count("outages > 0"), seconds=60, what="somebody noticed")
    minutes = int(scale.seconds / MINUTE)
    for _ in range(minutes):
        pass_minute(world)
    probes = world.hubspot.calls(since=before)[OPENING:]
    failed = world.count("status = 'failed'")
    world.hubspot.recovers()
    took = 0
    while world.open_rows and took < 2 * RECOVERY_MINUTES:
        pass_minute(world)
        took += 1
    world.delivered(seconds=60)
    largest = largest_window(probes, seconds=MINUTE)
    return conclude(
        world,
        told.accepted,
        f"{minutes / 60:.1f} h down, {len(probes)} probes, {largest} in the busiest minute, "
        f"all delivered in minute {took} after",
        (failed == 0, f"{failed} rows failed"),
        (took <= RECOVERY_MINUTES, f"not all delivered within {RECOVERY_MINUTES} minutes"),
        (largest <= 1, f"{largest} probes in one minute"),
        figures={"probes": len(probes), "recovery_minutes": took},
    )


def pass_minute(world: World) -> None:
    """No clock moves while somebody is on the way: a call would seem to have taken a minute."""
    world.move_clock(MINUTE)
    world.wake_up()
    world.wait(STEP_SECONDS)
    world.until(lambda: not world.count("status = 'leased'"), seconds=60, what="nobody is on the way")


def lost_answers(world: World, scale: Scale) -> Finding:
    """Every other call of each kind is applied and its answer lost: the first try of everything."""
    for kind in KINDS.values():
        world.hubspot.fails("reset", moment="after", route=kind, every=2)
    before = len(world.hubspot.calls())
    told = feed(world, scale.leads, rate=RATE).finish(world)
    world.start_workers(("--batch", "20", *scale.options))

    def done() -> bool:
        world.end_waits()
        return world.open_rows == 0

    world.until(done, seconds=scale.bound + scale.leads / 2, what="no row is open")
    calls = world.hubspot.calls(since=before)
    lost = sum(call["fault"] == "reset" for call in calls)
    return conclude(
        world,
        told.accepted,
        f"{lost} of {len(calls)} answers lost after the write",
        (lost >= len(KINDS), "no answer was lost"),
    )


def throttled(world: World, scale: Scale) -> Finding:
    """Half of the calls are answered with 429, and a backlog keeps four worker processes busy."""
    world.hubspot.fails("status", status=429, probability=0.5)
    before = len(world.hubspot.calls())
    told = feed(world, scale.leads, rate=1000).finish(world)
    limits = {"HUBSPOT_CALLS_PER_10_SECONDS": "100", "HUBSPOT_HEADROOM_PERCENT": "0", "HUBSPOT_WORKERS": "4"}
    world.start_workers(("--batch", str(scale.batch), *scale.options), count=4, concurrency=1, **limits)
    world.pool_ready()
    world.wait(scale.seconds)
    busy = general(world.hubspot.calls(since=before))
    world.hubspot.recovers()
    world.end_waits()
    world.delivered(seconds=scale.bound + scale.leads / 5)
    largest = largest_window(general(world.hubspot.calls(since=before)), seconds=10)
    used = rate_used(busy)
    spent = world.count("retry_count > 0")
    return conclude(
        world,
        told.accepted,
        f"{len(busy)} calls under pressure, {sum(call['status'] == 429 for call in busy)} of them 429; "
        f"at most {largest} in 10 s; {used:.0%} of the allowed rate used",
        (largest <= 101, f"{largest} calls in 10 s"),
        (spent == 0, f"{spent} rows spent an attempt"),
        (used >= 0.95, f"only {used:.0%} of the allowed rate used"),
        figures={"largest_window": largest, "share_of_allowed_rate": used},
    )


ACCOUNT_CALLS = 2  # its id, and whether it has the optional property: asked once by each process
PROCESSES = 2


def bad_rows(world: World, scale: Scale) -> Finding:
    """One lead in twenty has an address that HubSpot refuses, for one of two reasons."""
    world.hubspot.tell("switches", burst_limit=1_000_000)
    for number in range(0, scale.leads // 20, len(CAUSES)):
        world.hubspot.forget_person(f"erased{number}@chaos.example")
    world.hubspot.tell("switches", burst_limit=100)
    told = feed(world, scale.leads, rate=1000, bad_every=20).finish(world)
    leads = told.accepted.leads
    bad = {key: cause for key, address in leads.items() for cause, word in CAUSES.items() if word in address}
    before = len(world.hubspot.calls())
    world.start_workers(scale.options, concurrency=PROCESSES)
    took = world.delivered(seconds=scale.bound + scale.leads / 20)
    made = [call for call in world.hubspot.calls(since=before) if call["status"] != 429]
    calls = [call for call in made if not asks_about_the_account(call)]
    deals = world.postgres.rows(
        "SELECT count(*) FROM assessments WHERE qualified_for_briefing AND hubspot_sync_status = 'synced'"
    )[0][0]
    minimum = 2 * -(-len(leads) // 100) + 2 * -(-deals // 100)  # contacts are read before they are written
    return conclude(
        world,
        told.accepted,
        f"{len(bad)} bad rows failed; {len(calls)} calls, {len(calls) / minimum:.2f} times the minimum; "
        f"{took:.0f} s",
        (len(calls) < 1.5 * minimum, f"{len(calls)} calls, the minimum is {minimum}"),
        (
            len(made) - len(calls) <= ACCOUNT_CALLS * PROCESSES,
            f"{len(made) - len(calls)} calls about the account by {PROCESSES} processes",
        ),
        failing=bad,
        figures={"calls": len(calls), "minimum": minimum},
    )


def asks_about_the_account(call: Mapping[str, Any]) -> bool:
    """What each process asks once, however many leads it sends."""
    return "account-info" in call["path"] or "/properties/" in call["path"]


def general(calls: Calls) -> Calls:
    return [call for call in calls if call["bucket"] == "general"]


def largest_window(calls: Iterable[dict[str, Any]], *, seconds: float) -> int:
    """The most calls within any span of so many seconds."""
    window: deque[float] = deque()
    most = 0
    for at in sorted(moment(call) for call in calls):
        window.append(at)
        while window[0] <= at - seconds:
            window.popleft()
        most = max(most, len(window))
    return most


def rate_used(calls: Calls) -> float:
    """The share of 10 calls a second that was used from the first call to the last."""
    times = sorted(moment(call) for call in calls)
    return (len(times) - 1) / (times[-1] - times[0]) / 10 if len(times) > 1 else 0.0


def moment(call: dict[str, Any]) -> float:
    return datetime.fromisoformat(call["time"]).timestamp()


DOWN = "0 rows failed; all delivered within 35 min of its return; at most one probe a minute"

CASES = (
    *(
        Case(
            f"down-{hours}h",
            DOWN,
            outage,
            full=Scale(leads=500, seconds=hours * 3600),
            small=Scale(leads=20, seconds=hours * 150),
        )
        for hours in (6, 24)
    ),
    Case(
        "lost-answers",
        "0 duplicates",
        lost_answers,
        full=Scale(leads=1000),
        small=Scale(leads=40, lease=3),
    ),
    Case(
        "throttled",
        "limit never exceeded by more than 1 %; no attempt spent; at least 95 % of the allowed rate used",
        throttled,
        full=Scale(leads=2000, seconds=60, batch=5),
        small=Scale(leads=80, seconds=8, batch=2, lease=3),
    ),
    Case(
        "bad-rows",
        "good rows unaffected; each bad row failed with its own cause; calls under 1.5 times the minimum",
        bad_rows,
        full=Scale(leads=10_000),
        small=Scale(leads=200, lease=3),
    ),
)
