"""`script/test --deep`: what a release wants besides all tests, one after the other, and a report.

Each part starts services of its own, and one that fails stops no other. The report is in artifacts/deep.json.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

from config.tests.processes import PROJECT

FUZZ = "assessments/tests/test_api.py"
EMBEDDED = (sys.executable, "-m", "config.embedded", "--")


@dataclass(frozen=True)
class Part:
    """One deep check: its command, and what it is given in the environment."""

    name: str
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Outcome:
    name: str
    seconds: int
    code: int


PARTS = (
    Part("every check and test", (*EMBEDDED, "script/checks")),
    Part("every case of chaos, in full", ("script/chaos",)),
    Part("the canary with 200 people", (sys.executable, "-m", "tests.canary", "--people", "200")),
    Part(
        "20,000 odd requests to the API, a third to each address",
        (*EMBEDDED, "script/checks", FUZZ, "-k", "no_body", "-q", "-n", "2"),
        (("FUZZ_CASES", "6667"),),
    ),
    Part(
        "20,000 hostile answers to questions of every type",
        (*EMBEDDED, "script/checks", "assessments/tests/test_hostile_answers.py", "-q", "-n", "0"),
        (("HOSTILE_ANSWERS", "20000"),),
    ),
    Part(
        "2,000 runs of a stranger, a victim and staff",
        (*EMBEDDED, "script/checks", "tests/test_strangers.py", "-q", "-n", "0"),
        (("STRANGER_RUNS", "2000"),),
    ),
    Part(
        "faults planted in the product, which those runs have to notice",
        (*EMBEDDED, "script/checks", "tests/test_stranger_faults.py", "-q", "-n", "0"),
        (("STRANGER_FAULTS", "300"),),
    ),
    Part("a game day", ("script/game_day",)),
    Part(
        "backups in a bucket of S3, manifests by the schema of Kubernetes",
        (
            *("script/setup", "requirements-deep.txt", *EMBEDDED, "script/checks"),
            *("backups/tests/test_s3.py", "config/tests/test_deployment.py", "-q", "-n", "0"),
        ),
    ),
    Part(
        "an upgrade and a rollback under traffic, with 100,000 assessments",
        (sys.executable, "-m", "tests.upgrade", "--rows", "100000"),
    ),
    Part(
        "an author builds a questionnaire of twelve questions in a browser",
        (*EMBEDDED, "script/checks", "tests/test_editor_in_a_browser.py", "-q", "-n", "0"),
        (("AUTHOR_IN_FULL", "1"),),
    ),
    Part("clocks at odd dates", ("script/dates",)),
    Part(
        "figures of 100,000 random assessments against plain SQL",
        (*EMBEDDED, "script/checks", "assessments/tests/test_figures_against_sql.py", "-q", "-n", "0"),
        (("FIGURE_ROWS", "100000"),),
    ),
)


def main() -> int:
    outcomes = [play(part) for part in PARTS]
    print("\n" + "\n".join(map(line, outcomes)))
    report = PROJECT / "artifacts/deep.json"
    report.parent.mkdir(exist_ok=True)
    report.write_text(json.dumps([asdict(outcome) for outcome in outcomes], indent=2) + "\n")
    return 1 if any(outcome.code for outcome in outcomes) else 0


def play(part: Part) -> Outcome:
    print(f"\n=== {part.name}: {' '.join(part.command)}", flush=True)
    start = time.monotonic()
    code = subprocess.run(part.command, cwd=PROJECT, env=os.environ | dict(part.environment)).returncode
    return Outcome(part.name, round(time.monotonic() - start), code)


def line(outcome: Outcome) -> str:
    return f"{'passed' if not outcome.code else 'FAILED':8} {outcome.seconds:6,} s  {outcome.name}"


if __name__ == "__main__":
    sys.exit(main())
