"""The steps of an upgrade and of a rollback, and the servers that both releases meet."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from config.embedded.valkey import free_port
from config.launcher.readiness import answers
from config.tests.processes import await_that
from tests.chaos.servers import TOKEN as HUBSPOT_TOKEN
from tests.chaos.world import World, world
from tests.upgrade.relay import Relay
from tests.upgrade.releases import Process, Release, migrations, procfile
from tests.upgrade.traffic import HOST, TOKEN, Traffic, smoke

SETTLE = 12  # seconds of traffic between two steps
PATIENCE = 120
MANAGE = "python manage.py"
QUESTIONNAIRE = "scorecard/content/ai_reality_check.yaml"
# By PostgreSQL, as an old release may have no command for it.
COPIES = """
SET session_replication_role = replica;
INSERT INTO assessments
SELECT (jsonb_populate_record(one, jsonb_build_object(
    'id', gen_random_uuid(), 'session_id', gen_random_uuid(), 'email', NULL, 'email_scrubbed_at', now()
))).*
FROM assessments AS one, generate_series(1, {rows})
WHERE one.id = (SELECT id FROM assessments WHERE completed_at IS NOT NULL LIMIT 1)
"""


class Failed(Exception):
    """A step went wrong; the message says which."""


@dataclass
class Scenario:
    """PostgreSQL and Redis by TCP, HubSpot's simulator, a load balancer, and the logs of all processes."""

    world: World
    database: Relay
    front: Relay
    logs: Path
    running_now: dict[str, Process] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["Scenario"]:
        with world(tables=False) as found:
            directory = parse_qs(urlsplit(found.postgres.url).query)["host"][0]
            database = Relay(f"{directory}/.s.PGSQL.5432")
            front = Relay(("127.0.0.1", 1))
            for relay in (database, front):
                relay.start()
            scenario = cls(found, database, front, Path(tempfile.mkdtemp(prefix="upgrade-logs-")))
            try:
                yield scenario
            finally:
                for process in scenario.running_now.values():
                    process.kill()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.front.port}/"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DEBUG": "false",
            "ENV_FILE": "/dev/null",
            "ENVIRONMENT": "test",
            "SECRET_KEY": "only-for-a-trial-of-an-upgrade-and-nothing-else-0123456789",
            "FIELD_ENCRYPTION_KEYS": "5v8y_B-FHOlcUHRFjW2MzTFhGT8lYqxTnzK2hpt3YkY=",
            "ALLOWED_HOSTS": HOST,
            "TRUSTED_PROXY_COUNT": "1",
            "PUBLIC_URL": f"https://{HOST}",
            "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{self.database.port}/assessment?sslmode=disable",
            "REDIS_URL": self.world.redis.url,
            "HUBSPOT_BASE_URL": self.world.hubspot.url,
            "HUBSPOT_TOKEN": HUBSPOT_TOKEN,
            "METRICS_TOKEN": TOKEN,
            "MAINTENANCE_FILE": "/tmp/maintenance",  # the only place that can be written
            "HOME": "/tmp",
        }

    def manage(self, release: Release, *words: str) -> float:
        """Run a command to its end; the seconds it took. Raises Failed with its last line."""
        begun, log = time.monotonic(), self.logs / "manage.log"
        process = release.start(f"{MANAGE} {' '.join(words)}", self.environment, log)
        if process.process.wait(600):
            lines = log.read_text().splitlines()
            raise Failed(f"{words[0]} of {release.name} fails: {lines[-1] if lines else 'no word'}")
        return time.monotonic() - begun

    def exchange(self, release: Release) -> str:
        """Start web of this release, lead new visitors to it, end the old one; then worker and beat."""
        port = free_port()
        started = self.start(release, "web", HOST="127.0.0.1", PORT=str(port))
        ready = f"http://127.0.0.1:{port}/api/health"
        try:
            await_that(lambda: answers(ready), seconds=PATIENCE)
        except AssertionError:
            raise Failed(f"web of {release.name} is not ready: see {self.logs}/web.log") from None
        self.front.target = ("127.0.0.1", port)
        took = [self.end("web")]
        self.running_now["web"] = started
        for name in ("worker", "beat"):
            took.append(self.end(name))
            self.running_now[name] = self.start(release, name)
        return ", ".join(f"{seconds:.1f} s" for seconds in took)

    def start(self, release: Release, name: str, **more: str) -> Process:
        line = procfile(release)[name]
        return release.start(line, self.environment | more, self.logs / f"{name}.log")

    def end(self, name: str) -> float:
        """SIGTERM; the seconds until it was gone."""
        begun = time.monotonic()
        if process := self.running_now.pop(name, None):
            try:
                process.stop()
            except subprocess.TimeoutExpired:
                raise Failed(f"{name} does not stop within 40 seconds") from None
        return time.monotonic() - begun


def play(scenario: Scenario, old: Release, new: Release, rows: int) -> Iterator[str]:
    """One line for each step that went well. Raises Failed."""
    scenario.manage(old, "check --deploy --fail-level ERROR")
    yield f"{old.name} migrated an empty database in {scenario.manage(old, 'migrate --noinput'):.0f} s"
    for release in (old, new):
        scenario.manage(release, release.prepare)
    scenario.manage(old, f"load_questionnaire {QUESTIONNAIRE} --publish")
    scenario.manage(old, "hubspot_setup")
    scenario.exchange(old)
    traffic = Traffic(scenario.url)
    refuse(smoke(scenario.url), f"{old.name} on its own schema")
    if rows:
        scenario.world.postgres.rows(COPIES.format(rows=rows))
        yield f"{rows:,} assessments more"
    traffic.start()
    time.sleep(SETTLE)
    traffic.may_defer = True
    seconds = scenario.manage(new, "migrate --noinput")
    time.sleep(1)
    traffic.may_defer = False
    yield f"{new.name} migrated in {seconds:.0f} s, while {old.name} served"
    yield f"{traffic.deferred} visitors were asked to come again meanwhile, {len(traffic.leads)} were served"
    time.sleep(SETTLE)
    refuse(traffic.failures, f"{old.name} during and after the migration of {new.name}")
    refuse(smoke(scenario.url), f"{old.name} on the schema of {new.name}")
    yield f"{old.name} serves on the new schema: {len(traffic.leads)} leads, no error"
    yield f"upgraded; web, worker and beat of before ended within {scenario.exchange(new)}"
    time.sleep(SETTLE)
    refuse(traffic.failures + smoke(scenario.url), f"the upgrade to {new.name}")
    yield f"{new.name} serves: {len(traffic.leads)} leads, no error"
    yield f"rolled back; web, worker and beat ended within {scenario.exchange(old)}"
    time.sleep(SETTLE)
    traffic.stop()
    refuse(traffic.failures + smoke(scenario.url), f"the rollback to {old.name}")
    yield f"{old.name} serves again: {len(traffic.leads)} leads in all, no error"
    waited = scenario.world.delivered(seconds=PATIENCE)
    kept = scenario.world.count("status = 'done'")
    if kept < len(traffic.leads):
        raise Failed(f"{len(traffic.leads)} leads were accepted, and {kept} reached HubSpot")
    yield f"every lead is in HubSpot, {waited:.0f} s after the last visitor"
    yield from back_and_forth(scenario, old, new)


def back_and_forth(scenario: Scenario, old: Release, new: Release) -> Iterator[str]:
    """Every migration since the old release goes back and forward again, with the rows that are there."""
    for name in ("web", "worker", "beat"):
        scenario.end(name)
    before, earlier = counts(scenario), migrations(old)
    changed = {
        app: earlier.get(app, "zero") for app, name in migrations(new).items() if earlier.get(app) != name
    }
    for app, name in changed.items():
        scenario.manage(new, f"migrate {app} {name} --noinput")
    yield f"{len(changed)} apps went back to the migrations of {old.name}"
    seconds = scenario.manage(new, "migrate --noinput")
    if lost := [table for table, number in before.items() if counts(scenario).get(table) != number]:
        raise Failed(f"rows of {', '.join(lost)} differ after going back and forth")
    yield f"and forward in {seconds:.0f} s, with every row of {len(before)} tables"
    scenario.manage(new, "migrate --check")


def refuse(failures: list[str], when: str) -> None:
    if failures:
        raise Failed(f"{when}: {len(failures)} calls failed, first {failures[0]}")


def counts(scenario: Scenario) -> dict[str, int]:
    """Rows of the tables that both releases know."""
    tables = ("assessments", "responses", "hubspot_sync_queue", "consents", "lead_events", "daily_figures")
    ask = scenario.world.postgres.rows
    return {table: int(ask(f"SELECT count(*) FROM {table}")[0][0]) for table in tables}
