"""The manifest beside a backup: parts with checksums, what the database held, and which keys are needed.

It is written last: without a manifest there is no backup, however many of its parts are there.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac

from backups.errors import BackupError
from backups.places import Place, in_order

ENDING = ".manifest.json"
DUMP = ".dump.age"
MAKING = timedelta(hours=1)  # a younger dump may wait for its manifest
SALT = "backups.manifest"
BY_HAND = "Put it back, or see `A manifest is lost` in docs/backups.md."
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What the database held at the moment of the dump: exact, from the same snapshot."""

    rows: dict[str, int]
    newest: dict[str, str]
    foreign_keys: int
    migrations: int


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    made_at: str
    server: str
    seconds: float
    parts: tuple[Part, ...]
    contents: Contents
    keys: dict[str, list[str]]
    sealed_probe: str
    format: int = FORMAT
    signature: str = field(default="", compare=False)

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def age_seconds(self) -> float:
        return (datetime.now(UTC) - self.moment).total_seconds()

    def part(self, ending: str) -> Part | None:
        return next((part for part in self.parts if part.name.endswith(ending)), None)

    def text(self) -> str:
        said = asdict(self) | {"signature": ""}
        return json.dumps(said | {"signature": signature(said)}, indent=2)


def signature(said: dict[str, Any]) -> str:
    """Signed with SECRET_KEY, so that nobody without it passes off another backup as ours."""
    canonical = json.dumps(said | {"signature": ""}, sort_keys=True)
    return salted_hmac(SALT, canonical, algorithm="sha256").hexdigest()


def is_signed_here(manifest: Manifest) -> bool:
    return constant_time_compare(manifest.signature, signature(asdict(manifest)))


def parse_manifest(name: str, text: str) -> Manifest:
    """Raises BackupError when it is damaged."""
    try:
        said = json.loads(text)
        parts = tuple(Part(**part) for part in said.pop("parts"))
        found = Manifest(parts=parts, contents=Contents(**said.pop("contents")), **said)
        _ = found.moment
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BackupError(f"{name} is damaged: it is no manifest of ours. Take an older backup.") from None
    return found


def read_manifest(place: Place, workspace: Path, name: str = "") -> Manifest:
    """The manifest of this backup, by default of the newest. Raises BackupError."""
    names = place.names()
    wanted = f"{name}{ENDING}" if name else next(in_order(names, ENDING), "")
    if wanted not in names:
        lost = [dump for dump in in_order(names, DUMP) if dump.startswith(name)]
        if lost:
            raise BackupError(f"{lost[0]} has no manifest. {BY_HAND}")
        raise BackupError(
            f"There is no backup {name} in BACKUP_TO." if name else "There is no backup in BACKUP_TO yet."
        )
    file = workspace / wanted
    place.get(wanted, file)
    return parse_manifest(wanted, file.read_text(errors="replace"))


def dumps_without_manifest(names: list[str], now: datetime) -> list[str]:
    """Whose manifest never came or is lost, newest first."""
    making = f"assessment-{now - MAKING:%Y%m%dT%H%M%SZ}"
    return [
        name
        for name in in_order(names, DUMP)
        if f"{name.removesuffix(DUMP)}{ENDING}" not in names and name < making
    ]


def checksum(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


TABLES = """
SELECT c.relname, EXISTS (
    SELECT 1 FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attname = 'created_at' AND NOT a.attisdropped
)
FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY 1
"""
FOREIGN_KEYS = """
SELECT count(*) FROM pg_constraint
WHERE contype = 'f' AND convalidated AND connamespace = current_schema()::regnamespace
"""


def contents() -> Contents:
    """Count every table, in the current transaction."""
    rows, newest = {}, {}
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for table, dated in cursor.fetchall():
            quoted = connection.ops.quote_name(table)
            last = "max(created_at)" if dated else "NULL"
            cursor.execute(f"SELECT count(*), {last} FROM {quoted}")  # noqa: S608  # names of the catalogue
            rows[table], latest = cursor.fetchone()
            if latest:
                newest[table] = latest.astimezone(UTC).isoformat()
        cursor.execute(FOREIGN_KEYS)
        foreign_keys = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM django_migrations")
        return Contents(rows, newest, foreign_keys, cursor.fetchone()[0])
