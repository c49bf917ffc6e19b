"""A game day: break one thing after the other in real processes, and measure who notices, how soon.

`script/game_day [CASE...]` runs it. For each case: what the doctor and home page say first, after how many
seconds, after how many minutes the alert of docs/monitoring/alerts.yaml fires (as promtool evaluates what
/metrics said before and meanwhile), whether the form went on, how it was put right, how long until all was
well again, and what was lost. It ends with status 1 when something went unnoticed, stays broken, or a
committed lead is gone here or in HubSpot.
"""

import tempfile
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from io import StringIO
from pathlib import Path

import requests
from django.conf import settings
from django.core.management import CommandError, call_command

from backups.keys import write_new_key
from monitoring.findings import Finding, HealthCheck, Level
from operations.doctor.examination import run_checks
from tests.chaos.world import World
from tests.game_day import breaking
from tests.game_day.alerts import TOKEN
from tests.game_day.certificates import look_at_certificate
from tests.game_day.playing import Case, play

HEARTBEAT = "assessment_workers_heartbeat_age_seconds"
HEAD = (
    "| broken | first said by the doctor | after | alert | after | the form meanwhile | put right by"
    " | well again after | lost |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
)


def check(path: str) -> Callable[[], list[Finding]]:
    return lambda: run_checks([HealthCheck("Game day", path)])


def look_at_backup() -> list[Finding]:
    with suppress(CommandError):
        call_command("verify_backup", stdout=StringIO())
    return run_checks([HealthCheck("Backups", "backups.health.backups")])


class Health:
    """/api/health of the running product, as a load balancer asks it."""

    url = ""

    def __call__(self) -> list[Finding]:
        try:
            status = str(requests.get(f"{self.url}api/health", timeout=10).status_code)
        except requests.RequestException as error:
            status = type(error).__name__
        level = Level.GREEN if status == "200" else Level.RED
        return [Finding("Health", "/api/health", level, status)]


health = Health()
CASES = (
    Case(
        "Redis is killed",
        breaking.without_redis,
        check("operations.doctor.processes.redis"),
        "connection",
        "WorkersSilent",
        "starting it again, empty",
        (HEARTBEAT,),
    ),
    Case(
        "PostgreSQL is killed",
        breaking.without_postgres,
        health,
        "/api/health",
        "ProductDown",
        "starting it again",
        meanwhile=False,
    ),
    Case(
        "the disk is full",
        breaking.full_disk,
        health,
        "/api/health",
        "DatabaseCannotWrite",
        "enlarging the disk",
        meanwhile=False,
    ),
    Case(
        "connections run out",
        breaking.exhausted_connections,
        check("operations.doctor.postgresql.postgresql"),
        "connections used",
        "ConnectionsUsedCritical",
        "fewer processes, PgBouncer",
        meanwhile=False,
    ),
    Case(
        "a table is dropped",
        breaking.dropped_table,
        check("operations.doctor.processes.queue_lags"),
        "check",
        "ProductDown",
        "restoring the table from the last backup",
        meanwhile=False,
    ),
    Case(
        "statements take 1.2 s",
        breaking.slow_statements,
        check("operations.doctor.performance.performance"),
        "p95 of statements",
        "StatementsSlowCritical",
        "ending them; `baseline compare` and their plan",
        patience=120,
        well=list,
    ),
    Case(
        "HubSpot refuses the token",
        breaking.wrong_token,
        check("hubspot_sync.status.health.account"),
        "token",
        "DoctorFindsRed",
        "`HUBSPOT_TOKEN`",
    ),
    Case(
        "a backup is damaged",
        breaking.corrupt_backup,
        look_at_backup,
        "last proof",
        "DoctorFindsRed",
        "making a new one, and proving it",
    ),
    Case(
        "a certificate has expired",
        lambda world: nullcontext(),
        lambda: look_at_certificate(-1),
        "localhost",
        "DoctorFindsRed",
        "renewing it",
        well=lambda: look_at_certificate(90),
    ),
    Case(
        "beat is killed",
        breaking.without_beat,
        check("operations.doctor.processes.beat"),
        "last tick",
        "BeatSilent",
        "starting beat",
        ("assessment_beat_tick_age_seconds",),
        patience=200,
    ),
    Case(
        "workers are killed",
        breaking.without_workers,
        check("operations.doctor.processes.workers"),
        "heartbeat",
        "WorkersSilent",
        "starting a worker",
        (HEARTBEAT,),
        patience=300,
    ),
)


def main(world: World, names: list[str]) -> int:
    wanted = [case for case in CASES if not names or any(name in case.name for name in names)]
    world.start_workers()
    url = health.url = world.start_web(METRICS_TOKEN=TOKEN)
    with tempfile.TemporaryDirectory() as directory:
        public = write_new_key(Path(directory) / "key")
        kept = Path(directory) / "kept"
        kept.mkdir()
        settings.BACKUPS = replace(
            settings.BACKUPS, to=str(kept), recipient=public, identity_file=str(Path(directory) / "key")
        )
        outcomes = []
        for case in wanted:
            print(f"{case.name} …", flush=True)
            outcomes.append(play(case, world, url))
            print(outcomes[-1].row(), flush=True)
    print("\n".join(("", *HEAD, *(outcome.row() for outcome in outcomes), "")))
    good = sum(outcome.good for outcome in outcomes)
    waited = world.delivered(seconds=120)
    accepted = world.count("true")
    print(f"{good} of {len(outcomes)} were noticed, mended, and lost nothing that was committed.")
    print(f"All {accepted} leads were in HubSpot {waited:.0f} s after the last case.")
    return 0 if good == len(outcomes) else 1
