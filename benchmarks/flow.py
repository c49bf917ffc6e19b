"""Whole flows a second of the form, beside a bare WSGI program and django-survey-and-report in the same run.

`json` is start, four saves and submit with an address; `html` is landing, start and four pages with their
posts. `plain` is json without sealed columns. All take turns, so that a ratio holds on a slower machine, too.
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.flow_contestants import TICKS, Contestant, contestants
from benchmarks.flow_generator import Failed, Figures, visit

NAMES = ("json", "html", "plain", "bare", "survey")
COMMITTED = Path(__file__).with_name("flow.json")
MOST_FOREIGN = 0.05  # of the machine's processor time, used by others: beyond it nothing is concluded
WARM_UP_SECONDS = 3


@dataclass
class Run:
    """All figures of a run, by connections and contestant; `rates` are flows a second of each turn."""

    figures: dict[int, dict[str, Figures]] = field(default_factory=dict)
    rates: dict[int, dict[str, list[float]]] = field(default_factory=dict)
    foreign: float = 0.0

    def rate(self, connections: int, name: str) -> float:
        return statistics.median(self.rates[connections][name])

    def told(self, connections: int, name: str) -> dict[str, Any]:
        """One contestant as it is kept in flow.json."""
        found = self.figures[connections][name]
        rate = self.rate(connections, name)
        return {
            "flows_per_second": round(rate, 1),
            **{
                f"of_{other}": round(rate / self.rate(connections, other), 3)
                for other in ("bare", "survey")
                if other != name and other in self.rates[connections]
            },
            "web_ms_per_flow": round(found.web / max(1, found.flows) * 1000, 2),
            "postgres_ms_per_flow": round(found.postgres / max(1, found.flows) * 1000, 2),
            "generator_ms_per_flow": round(found.generator / max(1, found.flows) * 1000, 2),
            "bytes_per_flow": round(found.bytes / max(1, found.flows)),
            "ms": {
                kind: {f"p{share}": round(found.percentile(kind, share / 100), 1) for share in (50, 95, 99)}
                for kind in sorted(found.times)
            },
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=4, help="of each contestant")
    parser.add_argument("--seconds", type=int, default=5, help="of a turn")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--only", nargs="+", default=list(NAMES), choices=NAMES)
    parser.add_argument("--server", choices=("gunicorn", "granian"), default="gunicorn")
    parser.add_argument("--despite-load", action="store_true", help="conclude, and mark the figures")
    parser.add_argument("--save", type=Path, help=f"write the figures here; {COMMITTED.name} is committed")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is missing: apt install wrk")
    try:
        with contestants(options.only, server=options.server) as running:
            run = measure(running, options.connections, options.turns, options.seconds)
            statements = {each.name: statements_per_flow(each) for each in running}
    except Failed as failure:
        sys.exit(f"No conclusion: {failure}")
    told = {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "server": options.server,
        "foreign_load": round(run.foreign, 3),
        "statements_per_flow": statements,
        **{
            f"{connections}_connections": {name: run.told(connections, name) for name in options.only}
            for connections in options.connections
        },
    }
    show(told, json.loads(COMMITTED.read_text()) if COMMITTED.exists() else {})
    if run.foreign > MOST_FOREIGN and not options.despite_load:
        sys.exit(f"Others used {run.foreign:.0%} of the machine meanwhile: no conclusion. Or --despite-load.")
    if options.save:
        options.save.write_text(json.dumps(told, indent=1) + "\n")


def measure(running: list[Contestant], connections: list[int], turns: int, seconds: int) -> Run:
    """Let all take turns."""
    run = Run()
    with tempfile.TemporaryDirectory() as directory:
        for each in running:
            visit(each, 2, WARM_UP_SECONDS, Figures(), Path(directory))
        began, spent = machine_seconds(), sum(map(own_seconds, running))
        generator = 0.0
        for number in connections:
            figures = run.figures[number] = defaultdict(Figures)
            rates = run.rates[number] = defaultdict(list)
            for _ in range(turns):
                for each in running:
                    before = figures[each.name].flows, figures[each.name].seconds
                    visit(each, number, seconds, figures[each.name], Path(directory))
                    after = figures[each.name].flows, figures[each.name].seconds
                    rates[each.name].append((after[0] - before[0]) / (after[1] - before[1]))
            if slow := [name for name in rates if not run.rate(number, name)]:
                raise Failed(f"{slow[0]}: hardly a whole flow in {seconds} seconds, at {number} connections")
            generator += sum(found.generator + found.postgres for found in figures.values())
        ours = sum(map(own_seconds, running)) - spent + generator
        busy, whole = (after - before for after, before in zip(machine_seconds(), began, strict=True))
    run.foreign = max(0.0, (busy - ours) / whole)
    return run


def own_seconds(contestant: Contestant) -> float:
    return 0.0 if contestant.name == "html" else contestant.spent()[0]


def machine_seconds() -> tuple[float, float]:
    """Processor seconds of the whole machine so far: in use, and in all."""
    times = [int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(times) - times[3] - times[4]) / TICKS, sum(times) / TICKS


def statements_per_flow(contestant: Contestant) -> float:
    """As PostgreSQL logs them, BEGIN and COMMIT among them."""
    contestant.log_statements()
    figures = Figures()
    with tempfile.TemporaryDirectory() as directory:
        visit(contestant, 1, WARM_UP_SECONDS, Figures(), Path(directory))
        before = contestant.logged_statements()
        visit(contestant, 1, WARM_UP_SECONDS, figures, Path(directory))
    time.sleep(0.5)  # the log is written meanwhile
    return round((contestant.logged_statements() - before) / max(1, figures.flows), 1)


def show(told: dict[str, Any], committed: dict[str, Any]) -> None:
    """Print a table, with the committed figures in brackets."""
    print(f"{told['server']}; used by others: {told['foreign_load']:.0%} of the machine")
    columns = ("flows_per_second", "of_bare", "of_survey", "web_ms_per_flow", "postgres_ms_per_flow")
    for key in (key for key in told if key.endswith("_connections")):
        print(f"\n{key.replace('_', ' ')}\n{'':8}" + "".join(f"{column:>24}" for column in columns))
        for name, row in told[key].items():
            old = committed.get(key, {}).get(name, {})
            cells = (
                f"{row.get(column, '')}{f' ({old[column]})' if column in old else ''}" for column in columns
            )
            print(f"{name:8}" + "".join(f"{cell:>24}" for cell in cells))
        for name, row in told[key].items():
            waits = (f"{kind} {ms['p50']}/{ms['p95']}/{ms['p99']}" for kind, ms in row["ms"].items())
            print(f"{name}: ms p50/p95/p99: {', '.join(waits)}; {row['bytes_per_flow']} bytes a flow")
    print(f"\nstatements a flow: {told['statements_per_flow']}")
    print("the generator's own cost is in generator_ms_per_flow of the JSON")


if __name__ == "__main__":
    main()
