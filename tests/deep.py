"""`script/test --deep`: what a release wants besides all tests, one after the other, and a report.

Each part starts services of its own, and one that fails stops no other. The report, artifacts/deep.json,
is written after each part. `--from PART` goes on where a run stopped and `--only PART` runs one, by its
number or its short name; both keep what the report says of the other parts, each with the commit it ran
on.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from config.tests.processes import PROJECT

REPORT = PROJECT / "artifacts/deep.json"
FUZZ = "assessments/tests/test_api.py"
EMBEDDED = (sys.executable, "-m", "config.embedded", "--")


@dataclass(frozen=True)
class Part:
    """One deep check: its command, and what it is given in the environment."""

    short: str
    name: str
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Outcome:
    part: str  # its short name
    name: str
    seconds: int
    code: int
    commit: str


PARTS = (
    Part("checks", "every check and test", (*EMBEDDED, "script/checks")),
    Part("chaos", "every case of chaos, in full", ("script/chaos",)),
    Part("canary", "the canary with 200 people", (sys.executable, "-m", "tests.canary", "--people", "200")),
    Part(
        "fuzz",
        "20,000 odd requests to the API, a third to each address",
        (*EMBEDDED, "script/checks", FUZZ, "-k", "no_body", "-q", "-n", "2"),
        (("FUZZ_CASES", "6667"),),
    ),
    Part(
        "hostile",
        "20,000 hostile answers to questions of every type",
        (*EMBEDDED, "script/checks", "assessments/tests/test_hostile_answers.py", "-q", "-n", "0"),
        (("HOSTILE_ANSWERS", "20000"),),
    ),
    Part(
        "strangers",
        "2,000 runs of a stranger, a victim and staff",
        (*EMBEDDED, "script/checks", "tests/test_strangers.py", "-q", "-n", "0"),
        (("STRANGER_RUNS", "2000"),),
    ),
    Part(
        "faults",
        "faults planted in the product, which those runs have to notice",
        (*EMBEDDED, "script/checks", "tests/test_stranger_faults.py", "-q", "-n", "0"),
        (("STRANGER_FAULTS", "300"),),
    ),
    Part("game_day", "a game day", ("script/game_day",)),
    Part(
        "s3",
        "backups in a bucket of S3, manifests by the schema of Kubernetes",
        (
            *("script/setup", "requirements-deep.txt", *EMBEDDED, "script/checks"),
            *("backups/tests/test_s3.py", "config/tests/test_deployment.py", "-q", "-n", "0"),
        ),
    ),
    Part(
        "upgrade",
        "an upgrade and a rollback under traffic, with 100,000 assessments",
        (sys.executable, "-m", "tests.upgrade", "--rows", "100000"),
    ),
    Part(
        "author",
        "an author builds a questionnaire of twelve questions in a browser",
        (*EMBEDDED, "script/checks", "tests/test_editor_in_a_browser.py", "-q", "-n", "0"),
        (("AUTHOR_IN_FULL", "1"),),
    ),
    Part("dates", "clocks at odd dates", ("script/dates",)),
    Part(
        "figures",
        "figures of 100,000 random assessments against plain SQL",
        (*EMBEDDED, "script/checks", "assessments/tests/test_figures_against_sql.py", "-q", "-n", "0"),
        (("FIGURE_ROWS", "100000"),),
    ),
)


def main(arguments: Sequence[str], parts: Sequence[Part] = PARTS, report: Path = REPORT) -> int:
    """The exit code: 0 if each part of this run passed, 1 if one failed, 2 if there is no such part."""
    try:
        chosen = choice(arguments, parts)
    except LookupError as error:
        print(error.args[0], file=sys.stderr)
        return 2
    kept = read(report) if len(chosen) < len(parts) else {}
    failed = False
    for part in chosen:
        outcome = kept[part.short] = play(part)
        failed = failed or outcome.code != 0
        write(report, [kept[each.short] for each in parts if each.short in kept])
    print()
    for part in parts:
        print(line(kept[part.short]) if part.short in kept else f"{'not run':40}{part.name}")
    return 1 if failed else 0


def choice(arguments: Sequence[str], parts: Sequence[Part]) -> Sequence[Part]:
    """The parts that these arguments ask for. LookupError, with a line for people, if there is none."""
    parser = argparse.ArgumentParser("script/test --deep")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--from", dest="first", metavar="PART", help="this part and all after it")
    which.add_argument("--only", metavar="PART", help="this part alone")
    options = parser.parse_args(arguments)
    if options.only is not None:
        return [parts[index_of(options.only, parts)]]
    return parts[0 if options.first is None else index_of(options.first, parts) :]


def index_of(asked: str, parts: Sequence[Part]) -> int:
    for index, part in enumerate(parts):
        if asked in (part.short, str(index + 1)):
            return index
    known = ", ".join(f"{number} {part.short}" for number, part in enumerate(parts, 1))
    raise LookupError(f"There is no part {asked!r}. The parts: {known}")


def read(report: Path) -> dict[str, Outcome]:
    """What an earlier run wrote, by part; nothing of a report from before the parts had short names."""
    if not report.exists():
        return {}
    found = [each for each in json.loads(report.read_text()) if "part" in each]
    return {each["part"]: Outcome(**each) for each in found}


def write(report: Path, outcomes: Iterable[Outcome]) -> None:
    report.parent.mkdir(exist_ok=True)
    report.write_text(json.dumps([asdict(outcome) for outcome in outcomes], indent=2) + "\n")


def commit() -> str:
    """The commit that is checked out, with a plus if a file differs from it."""

    def git(*command: str) -> str:
        return subprocess.run(["git", *command], cwd=PROJECT, capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + ("+" if changed else "")


def play(part: Part) -> Outcome:
    print(f"\n=== {part.name}: {' '.join(part.command)}", flush=True)
    ran_on, start = commit(), time.monotonic()
    code = subprocess.run(part.command, cwd=PROJECT, env=os.environ | dict(part.environment)).returncode
    return Outcome(part.short, part.name, round(time.monotonic() - start), code, ran_on)


def line(outcome: Outcome) -> str:
    verdict = "FAILED" if outcome.code else "passed"
    return f"{verdict:8} {outcome.seconds:6,} s  on {outcome.commit:16}  {outcome.name}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
