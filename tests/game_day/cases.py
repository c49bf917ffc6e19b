"""A game day: break one thing after the other on a throw-away product, and measure who notices, and how soon.

`script/game_day` runs it on services of its own. For each case it prints what the doctor and home page say,
the seconds until they said it, after how many minutes the alert of docs/monitoring/alerts.yaml fires (as
promtool evaluates what /metrics said before and meanwhile), how it was put right, and what was lost. It ends
with status 1 when something went unnoticed, or a committed lead is gone.
"""

import os
import signal
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import redis as redis_client
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory, VersionFactory
from backups.keys import write_new_key
from backups.making import make_backup
from monitoring.findings import Finding, HealthCheck, Level
from monitoring.timings import timings
from operations.doctor import reachable, watch
from operations.doctor.examination import run_checks
from operations.models import Heartbeat
from scorecard.content.files import read_questionnaire
from scorecard.models import QuestionnaireVersion
from tests.game_day import alerts

PATIENCE = 30.0
HEARTBEAT = "assessment_workers_heartbeat_age_seconds"


@dataclass(frozen=True)
class Case:
    """`broken` breaks on entry and mends on exit; of what `look` finds, `finding` should turn red."""

    name: str
    broken: Callable[[], Any]
    look: Callable[[], list[Finding]]
    finding: str
    alert: str
    mended_by: str
    ages: tuple[str, ...] = ()  # metrics that grow while it is broken


def check(path: str) -> Callable[[], list[Finding]]:
    return lambda: run_checks([HealthCheck("Game day", f"operations.doctor.{path}")])


@contextmanager
def without_redis() -> Iterator[None]:
    """Stop the process hard, by its id; start the same one again."""
    with redis_client.Redis.from_url(settings.REDIS_URL) as client:
        pid = int(client.info("server")["process_id"])
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def without_workers() -> Iterator[None]:
    Heartbeat.objects.record("workers")
    Heartbeat.objects.update(beat_at=timezone.now() - timedelta(seconds=601))
    yield
    Heartbeat.objects.record("workers")


@contextmanager
def without_beat() -> Iterator[None]:
    PeriodicTask.objects.update(last_run_at=timezone.now() - timedelta(seconds=601))
    yield
    PeriodicTask.objects.update(last_run_at=timezone.now())


@contextmanager
def full_disk() -> Iterator[None]:
    """PostgreSQL may write no file of its own: as on a full disk, a statement that needs one fails."""
    with connection.cursor() as cursor:
        cursor.execute("SET temp_file_limit = 0")
        yield
        cursor.execute("RESET temp_file_limit")


@contextmanager
def dropped_table() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mail_queue RENAME TO mail_queue_dropped")
        yield
        cursor.execute("ALTER TABLE mail_queue_dropped RENAME TO mail_queue")


@contextmanager
def exhausted_connections() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        most = int(cursor.fetchone()[0])
    with ExitStack() as stack:
        for _ in range(int(most * 0.92)):
            other = connection.copy()
            other.ensure_connection()
            stack.callback(other.close)
        yield


@contextmanager
def corrupt_backup() -> Iterator[None]:
    part = Path(settings.BACKUPS.to) / make_backup().parts[0].name
    whole = part.read_bytes()
    part.write_bytes(whole[:100] + b"?" + whole[101:])
    yield
    part.write_bytes(whole)


def look_at_backup() -> list[Finding]:
    with suppress(CommandError):
        call_command("verify_backup", stdout=StringIO())
    return run_checks([HealthCheck("Backups", "backups.health.backups")])


@contextmanager
def slow_statements() -> Iterator[None]:
    for _ in range(1000):
        timings.observe("query", "select,ok", 1.7)
    timings.flush(at_once=True)
    yield


@contextmanager
def wrong_token() -> Iterator[None]:
    """A server that refuses every call, in the place of HubSpot."""

    class Refuse(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Refuse) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.HUBSPOT_BASE_URL = f"http://127.0.0.1:{server.server_port}"
        settings.HUBSPOT_TOKEN = "wrong"
        yield
        settings.HUBSPOT_TOKEN = ""
        server.shutdown()


def look_at_token() -> list[Finding]:
    return run_checks([HealthCheck("HubSpot", "hubspot_sync.status.health.account")])


def look_at_certificate() -> list[Finding]:
    """A server of this machine whose certificate ended yesterday, trusted by us."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "it.pem"
        write_expired_certificate(file)
        served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        served.load_cert_chain(file)
        with socket.create_server(("127.0.0.1", 0)) as server:

            def serve() -> None:
                with suppress(OSError):
                    served.wrap_socket(server.accept()[0], server_side=True)

            threading.Thread(target=serve, daemon=True).start()
            trusting = ssl.create_default_context(cafile=str(file))
            return [reachable.certificate_of("localhost", server.getsockname()[1], trusting)]


def write_expired_certificate(file: Path) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = (
        made.serial_number(1)
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now - timedelta(days=1))
    )
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    file.write_bytes(pem + made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))


def look_at_health() -> list[Finding]:
    answer = Client().get("/api/health")
    return (
        [Finding("Health", "/api/health", Level.RED, str(answer.status_code))]
        if answer.status_code != 200
        else []
    )


CASES = (
    Case(
        "lose Redis (frozen)",
        without_redis,
        check("processes.redis"),
        "connection",
        "WorkersSilent",
        "start it again",
        (HEARTBEAT,),
    ),
    Case(
        "stop the workers",
        without_workers,
        check("processes.workers"),
        "heartbeat",
        "WorkersSilent",
        "start a worker",
        (HEARTBEAT,),
    ),
    Case(
        "stop beat",
        without_beat,
        check("processes.beat"),
        "last tick",
        "BeatSilent",
        "start beat",
        ("assessment_beat_tick_age_seconds",),
    ),
    Case(
        "fill the disk",
        full_disk,
        look_at_health,
        "/api/health",
        "DatabaseCannotWrite",
        "enlarge the disk",
    ),
    Case("drop a table", dropped_table, check("processes.queue_lags"), "check", "ProductDown", "restore it"),
    Case(
        "exhaust connections",
        exhausted_connections,
        check("postgresql.postgresql"),
        "connections used",
        "ConnectionsUsedCritical",
        "fewer processes",
    ),
    Case(
        "corrupt a backup",
        corrupt_backup,
        look_at_backup,
        "last proof",
        "DoctorFindsRed",
        "make a new one",
    ),
    Case(
        "expire a certificate",
        nullcontext,
        look_at_certificate,
        "localhost",
        "DoctorFindsRed",
        "renew it",
    ),
    Case(
        "slow statements",
        slow_statements,
        check("performance.performance"),
        "p95 of statements",
        "StatementsSlowCritical",
        "its plan",
    ),
    Case("wrong token", wrong_token, look_at_token, "token", "DoctorFindsRed", "set HUBSPOT_TOKEN"),
)


def play(case: Case, version: QuestionnaireVersion) -> bool:
    """Break, wait until somebody says red, mend, and look that what was committed is still there."""
    lead = AssessmentFactory.create(version=version, email="ada@engines.example")
    before = alerts.scrape() or {}
    with case.broken():
        begun = time.monotonic()
        red: list[Finding] = []
        found: list[Finding] = []
        while not red and time.monotonic() - begun < PATIENCE:
            found = case.look()
            red = [each for each in found if each.level is Level.RED and each.name == case.finding]
        noticed = time.monotonic() - begun
        watch.store_levels(found)  # as the examination does every five minutes
        during = alerts.scrape()
    minutes = alerts.minutes_until(case.alert, before, during, case.ages)
    begun = time.monotonic()
    kept = Assessment.objects.filter(pk=lead.pk, email="ada@engines.example").exists()
    words = f"{red[0].area}, {red[0].name}: {red[0].value}. {red[0].reason}" if red else "NOBODY NOTICED"
    lost = "nothing committed" if kept else "A COMMITTED LEAD"
    fires = "STAYS QUIET" if minutes is None else f"after {minutes} minutes"
    print(f"{case.name}\n  said after {noticed:.1f} s: {words}\n  alert: {case.alert} {fires}")
    print(
        f"  put right: {case.mended_by}, back after {time.monotonic() - begun:.1f} s; lost: {lost}",
        flush=True,
    )
    return bool(red) and kept and minutes is not None


def main() -> int:
    with tempfile.TemporaryDirectory() as directory:
        public = write_new_key(Path(directory) / "key")
        kept = Path(directory) / "kept"
        kept.mkdir()
        settings.BACKUPS = replace(
            settings.BACKUPS, to=str(kept), recipient=public, identity_file=str(Path(directory) / "key")
        )
        content = read_questionnaire(Path(settings.BASE_DIR) / "scorecard/content/ai_reality_check.yaml")
        version = VersionFactory.create(content=content.definition())
        results = [play(case, version) for case in CASES]
    print(f"{sum(results)} of {len(results)} were noticed, and nothing committed was lost.")
    return 0 if all(results) else 1
