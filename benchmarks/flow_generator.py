"""Visitors, made by wrk (`apt install wrk`), which goes through a flow on every connection: flow.lua."""

import json
import resource
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from benchmarks.flow_contestants import Contestant
from benchmarks.production import four_pages

SCRIPT = Path(__file__).with_name("flow.lua")
STEP_MS = 0.1  # the width of a bucket in flow.lua


class Failed(Exception):
    """A contestant answered with an error: no figure of it would mean anything."""


@dataclass
class Figures:
    """What one contestant did; times in buckets of STEP_MS, processor in seconds."""

    flows: int = 0
    seconds: float = 0.0
    bytes: int = 0
    web: float = 0.0
    postgres: float = 0.0
    generator: float = 0.0
    times: dict[str, Counter[int]] = field(default_factory=dict)

    def percentile(self, kind: str, share: float) -> float:
        """Milliseconds within which this share of such requests was answered."""
        buckets, seen = self.times[kind], 0
        for bucket in sorted(buckets):
            seen += buckets[bucket]
            if seen >= share * buckets.total():
                return (bucket + 1) * STEP_MS
        return 0.0


@cache
def bodies() -> str:
    """The bodies of four saves and of a submit with an address, one a line."""
    sections = yaml.safe_load(Path(four_pages()).read_text())["sections"]
    saves = [
        {"step": step, "responses": {question["key"]: "C" for question in section["questions"]}}
        for step, section in enumerate(sections, start=1)
    ]
    submit = {"contact": {"email": "ADDRESS", "company": "Example"}}
    return "\n".join(json.dumps(body) for body in (*saves, submit))


def visit(contestant: Contestant, connections: int, seconds: int, into: Figures, directory: Path) -> None:
    """Let visitors use a contestant and add what came of it; raises Failed."""
    sent = directory / "bodies"
    sent.write_text(bodies())
    web, postgres = contestant.spent()
    own = children_seconds()
    size = (f"-t{connections}", f"-c{connections}", f"-d{seconds}s", "--timeout=30s", "-s", str(SCRIPT))
    where = (f"http://127.0.0.1:{contestant.port}", "--", contestant.kind, contestant.first_page, str(sent))
    command = ["wrk", *size, *where]
    run = subprocess.run(command, capture_output=True, text=True)  # noqa: S603  # wrk of the PATH
    if "FIGURES " not in run.stdout:
        raise Failed(f"{contestant.name}: wrk says {(run.stdout + run.stderr)[-300:]!r}")
    found = json.loads(run.stdout.partition("FIGURES ")[2])
    if found["failures"]:
        raise Failed(f"{contestant.name}: {found['failures']} errors, such as {found['failure']!r}")
    into.generator += children_seconds() - own
    after = contestant.spent()
    into.web += after[0] - web
    into.postgres += after[1] - postgres
    into.flows += found["flows"]
    into.seconds += found["seconds"]
    into.bytes += found["bytes"]
    for kind, bucket, count in found["times"]:
        into.times.setdefault(kind, Counter())[bucket] += count


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
