"""Baselines: how long the ten hottest statements take, recorded and compared."""

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import yaml
from django.db import connection, transaction

from audit.models import SystemLog

STATEMENTS = Path(__file__).with_name("baseline.yaml")
RECORDED = "baseline"
RUNS = 5
SLOWER = 2.0  # times the baseline
LEAST_MS = 2.0  # and by this much: below it is noise


@dataclass(frozen=True, slots=True)
class Drift:
    """One statement now and at the baseline; None where the baseline does not have it."""

    name: str
    before_ms: float | None
    now_ms: float

    @property
    def is_slower(self) -> bool:
        if self.before_ms is None:
            return False
        return self.now_ms > SLOWER * self.before_ms and self.now_ms - self.before_ms > LEAST_MS

    def __str__(self) -> str:
        if self.before_ms is None:
            return f"{self.name}: {self.now_ms:.2f} ms, not in the baseline"
        mark = "SLOWER " if self.is_slower else ""
        return f"{mark}{self.name}: {self.before_ms:.2f} ms then, {self.now_ms:.2f} ms now"


def statements() -> dict[str, str]:
    return {each["name"]: each["sql"] for each in yaml.safe_load(STATEMENTS.read_text())}


def measure() -> dict[str, float]:
    """{name: milliseconds}, the median of RUNS, without the time on the network."""
    return {name: median(run(sql) for _ in range(RUNS)) for name, sql in statements().items()}


def run(sql: str) -> float:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '30s'")
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
        found = cursor.fetchone()[0]
    plan = json.loads(found) if isinstance(found, str) else found
    return float(plan[0]["Execution Time"])


def record_baseline() -> dict[str, float]:
    measured = measure()
    SystemLog.objects.record(RECORDED, "How long the hottest statements take, in ms", milliseconds=measured)
    return measured


def compare_baseline() -> list[Drift]:
    """Measure again. Raises LookupError when no baseline was recorded."""
    last = SystemLog.objects.filter(event_type=RECORDED).first()
    if last is None:
        raise LookupError
    before = last.data["milliseconds"]
    return [Drift(name, before.get(name), now) for name, now in measure().items()]
