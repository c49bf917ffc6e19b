"""promtool, as script/promtool finds or fetches it: what Prometheus itself says of rules and metrics."""

import subprocess
from functools import cache

from config.tests.processes import PROJECT


@cache
def path() -> str:
    found = subprocess.run([PROJECT / "script/promtool"], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def promtool(*arguments: str, given: str = "") -> str:
    """What it prints; fails with that where it finds anything."""
    done = run(*arguments, given=given)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def said(*arguments: str) -> str:
    """What it prints, whatever it finds."""
    done = run(*arguments)
    return done.stdout + done.stderr


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [path(), *arguments], cwd=PROJECT / "docs/monitoring", input=given, capture_output=True, text=True
    )
