"""The queue by itself: many claimers, a zombie, and any order of events."""

import os
import signal
import subprocess
import sys
from collections import Counter

from config.tests.processes import PROJECT
from tests.chaos.bulk import copy_leads, queue_leads
from tests.chaos.case import Case, Finding, Scale
from tests.chaos.world import World

CLAIMERS = 8
MODEL = "hubspot_sync/tests/test_queue_model.py"
MODELS = 2  # side by side, one for each core
STEPS = 50

# What a write would change, a lock would not: values, and the transaction that wrote them.
SNAPSHOT = """
SELECT md5(string_agg(queue.xmin || queue::text, '' ORDER BY queue.id)),
       md5(string_agg(lead.xmin || lead::text, '' ORDER BY lead.id))
FROM hubspot_sync_queue queue JOIN assessments lead ON lead.id = queue.assessment_id
"""


def claimers(world: World, scale: Scale) -> Finding:
    """Processes claim and finish all rows at once; nobody gets a row that another has."""
    copy_leads(world, scale.leads)
    crowd = [world.begin("tests.chaos.claimer", f"--until={scale.leads}") for _ in range(CLAIMERS)]
    world.until(lambda: all(helper.lines for helper in crowd), seconds=120, what="all are ready")
    queue_leads(world)
    claimed = Counter(key for helper in crowd for key in helper.finish(seconds=300)[1:])
    twice = [key for key, times in claimed.items() if times > 1]
    once = world.postgres.rows("SELECT count(*) FROM assessments WHERE hubspot_sync_attempts = 1")[0][0]
    problems = [
        *([f"{len(twice)} rows claimed twice"] if twice else []),
        *([f"{len(claimed)} rows claimed of {scale.leads}"] if len(claimed) != scale.leads else []),
        *([f"{once} leads finished once of {scale.leads}"] if once != scale.leads else []),
    ]
    return Finding(f"{len(claimed)} rows by {CLAIMERS} processes, {len(twice)} twice", problems)


def zombie(world: World, scale: Scale) -> Finding:
    """A process freezes with rows in hand; others finish them; it wakes up and writes every outcome."""
    copy_leads(world, scale.leads)
    queue_leads(world)
    sleeper = world.begin("tests.chaos.zombie")
    pid = sleeper.process.pid
    os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOWAIT)
    held = int(sleeper.lines[0])
    world.postgres.rows("UPDATE hubspot_sync_queue SET next_retry_at = now() WHERE status = 'leased'")
    world.run("tests.chaos.claimer", f"--until={scale.leads}")
    before = world.postgres.rows(SNAPSHOT)
    os.kill(pid, signal.SIGCONT)
    last = sleeper.finish(seconds=60)[-1]
    same = world.postgres.rows(SNAPSHOT) == before
    problems = [
        *(["the zombie held no rows"] if not held else []),
        *(["the zombie did not get to its end"] if last != "all written" else []),
        *(["the zombie changed something"] if not same else []),
    ]
    return Finding(f"{held} rows slept over, {'0 rows' if same else 'rows'} written", problems)


def state_machine(world: World, scale: Scale) -> Finding:
    """The model of hubspot_sync/tests, larger, in processes side by side."""
    runs = scale.leads // MODELS
    crowd = [model(world, number, runs) for number in range(MODELS)]
    ended = [process.communicate()[0] for process in crowd]
    problems = [
        f"model {number} failed: {output[-2000:]}"
        for number, (process, output) in enumerate(zip(crowd, ended, strict=True))
        if process.returncode
    ]
    return Finding(f"{runs * MODELS} runs of {STEPS} steps", problems)


def model(world: World, number: int, runs: int) -> subprocess.Popen[str]:
    size = {"QUEUE_MODEL_RUNS": str(runs), "QUEUE_MODEL_STEPS": str(STEPS)}
    own = {"DATABASE_URL": world.postgres.url.replace("/assessment?", f"/model{number}?")}
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            MODEL,
            f"--hypothesis-seed={number}",
        ],
        cwd=PROJECT,
        env=world.environment | size | own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )


NO_DOUBLE = "0 double claims; the zombie writes 0 rows"

CASES = (
    Case("claimers", NO_DOUBLE, claimers, full=Scale(leads=10_000), small=Scale(leads=400)),
    Case("zombie", NO_DOUBLE, zombie, full=Scale(leads=1000), small=Scale(leads=120)),
    Case("state-machine", "no broken invariant", state_machine, full=Scale(leads=2000), small=Scale(leads=4)),
)
