"""After how many minutes an alert fires, from a scrape before a failure and one during it: promtool says so.

What is scraped during the failure holds for an hour. Counters go on as they did between the two scrapes;
ages that the failure lets grow begin at nothing and grow by the clock.
"""

import math
import re
import tempfile
from collections.abc import Collection
from pathlib import Path

import requests
import yaml

from config.tests.processes import PROJECT
from tests.promtool import said

TOKEN = "a-token-for-those-who-watch-of-forty-characters"
QUIET, BROKEN = 10, 60  # minutes
COUNTERS = ("_total", "_bucket", "_count", "_sum")
Scrape = dict[str, float]


def scrape(url: str) -> Scrape | None:
    """{series: value}; None where /metrics does not answer."""
    try:
        answer = requests.get(f"{url}metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=20)
    except requests.RequestException:
        return None
    if answer.status_code != 200:
        return None
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if line and line[0] != "#"]
    return {series: float(value) for series, _, value in lines if math.isfinite(float(value))}


def minutes_until(alert: str, before: Scrape, during: Scrape | None, ages: Collection[str]) -> int | None:
    """Minutes from the failure until the alert fires; None if it stays quiet for an hour."""
    firing = f'count_over_time(ALERTS{{alertname="{alert}", alertstate="firing"}}[{BROKEN}m])'
    case = {
        "interval": "1m",
        "input_series": [{"series": name, "values": told} for name, told in series(before, during, ages)],
        "promql_expr_test": [
            {"expr": f"max({firing})", "eval_time": f"{QUIET + BROKEN}m", "exp_samples": []},
        ],
    }
    rules = str(PROJECT / "docs/monitoring/alerts.yaml")
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "case.yaml"
        file.write_text(yaml.safe_dump({"rule_files": [rules], "evaluation_interval": "1m", "tests": [case]}))
        found = re.search(r"got: \{\} (\S+)", said("test", "rules", str(file)))
    return BROKEN + 1 - round(float(found[1])) if found else None


def series(before: Scrape, during: Scrape | None, ages: Collection[str]) -> list[tuple[str, str]]:
    """(series, values in promtool's words): a value a minute."""
    found = [('up{job="assessment"}', f"1+0x{QUIET - 1} {int(during is not None)}+0x{BROKEN}")]
    for name in sorted({*before, *(during or {}), *ages}):
        old, new = before.get(name), (during or {}).get(name)
        first = f"_x{QUIET}" if old is None else f"{old:f}+0x{QUIET - 1}"
        if name in ages:
            then = f"60+60x{BROKEN}"
        elif new is None:
            then = f"_x{BROKEN}"
        elif name.partition("{")[0].endswith(COUNTERS):
            then = f"{new:f}+{new - (old or 0):f}x{BROKEN}"
        else:
            then = f"{new:f}+0x{BROKEN}"
        found.append((name, f"{first} {then}"))
    return found
