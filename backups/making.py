"""Make a backup: dump, encrypt, checksum, put, and the manifest last: if killed, no half one stays."""

import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from audit.models import SystemLog
from backups.errors import BackupError
from backups.keys import encrypt, keys_needed, recipient, sealed_probe
from backups.manifest import DUMP, ENDING, Contents, Manifest, Part, checksum, contents
from backups.places import PART, Place, backup_place, in_order
from backups.programs import last_line, libpq, program, server_version
from backups.workspace import workspace

FILES = ".files.tar.age"
MADE = "backup_made"


def make_backup() -> Manifest:
    """Make one, delete what is older than wanted, and record it. Raises BackupError."""
    place, key, begun = backup_place(), recipient(), time.monotonic()
    moment = datetime.now(UTC)
    name = f"assessment-{moment:%Y%m%dT%H%M%SZ}"
    with workspace("backup-") as directory:
        held, parts = write_parts(directory, name, key)
        manifest = Manifest(
            name=name,
            made_at=moment.isoformat(),
            server=str(server_version()),
            seconds=round(time.monotonic() - begun, 2),
            parts=tuple(Part(file.name, file.stat().st_size, checksum(file)) for file in parts),
            contents=held,
            keys=keys_needed(),
            sealed_probe=sealed_probe(),
        )
        for file in parts:
            place.put(file.name, file)
        listing = directory / f"{name}{ENDING}"
        listing.write_text(manifest.text())
        place.put(listing.name, listing)
    deleted = delete_old(place, moment)
    SystemLog.objects.record(
        MADE,
        "A backup was made",
        name=name,
        bytes=sum(part.bytes for part in manifest.parts),
        seconds=manifest.seconds,
        deleted=deleted,
    )
    return manifest


def write_parts(directory: Path, name: str, key: Any) -> tuple[Contents, list[Path]]:
    """The encrypted dump, and the encrypted directories of BACKUP_DIRECTORIES."""
    dump = directory / f"{name}{DUMP}"
    with snapshot() as held_snapshot:
        held = contents()
        write_dump(dump, held_snapshot, key)
    parts = [dump]
    if settings.BACKUPS.directories:
        parts.append(write_directories(directory, name, key))
    return held, parts


@contextmanager
def snapshot() -> Iterator[str]:
    """A snapshot that pg_dump shares, so that what was counted is exactly what is in the dump."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        yield str(cursor.fetchone()[0])


def write_dump(target: Path, snapshot_name: str, key: Any) -> None:
    """Encrypt what pg_dump writes as it comes: nothing lies on a disk in plain text."""
    database, environment = libpq()
    command = [
        program("pg_dump", server_version()),
        *("--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60s"),
        *(f"--snapshot={snapshot_name}", f"--dbname={database}"),
    ]
    with target.open("wb") as encrypted, tempfile.TemporaryFile() as errors:
        dumping = subprocess.Popen(  # noqa: S603  # our own arguments
            command, stdout=subprocess.PIPE, stderr=errors, env=environment
        )
        try:
            assert dumping.stdout  # noqa: S101  # a pipe was asked for
            encrypt(dumping.stdout, encrypted, key)
        finally:
            dumping.stdout and dumping.stdout.close()
            code = dumping.wait()
        if code:
            errors.seek(0)
            raise BackupError(f"pg_dump fails: {last_line(errors.read().decode(errors='replace'))}.")


def write_directories(directory: Path, name: str, key: Any) -> Path:
    plain, target = directory / "files.tar", directory / f"{name}{FILES}"
    with tarfile.open(plain, "w") as archive:
        for each in settings.BACKUPS.directories:
            if not each.is_dir():
                raise BackupError(f"{each} of BACKUP_DIRECTORIES is no directory.")
            archive.add(each, arcname=str(each).lstrip("/"))
    with plain.open("rb") as source, target.open("wb") as encrypted:
        encrypt(source, encrypted, key)
    plain.unlink()
    return target


def delete_old(place: Place, now: datetime) -> int:
    """Keep the newest backup of each of the last BACKUP_KEEP_DAYS days; returns how many were deleted."""
    names = place.names()
    kept = {name.removesuffix(ENDING) for name in kept_manifests(names, now)}
    gone = [name for name in names if name.startswith("assessment-") and name.partition(".")[0] not in kept]
    backups = {name.removesuffix(ENDING) for name in gone if name.endswith(ENDING)}
    for name in sorted(gone, key=lambda each: not each.endswith(ENDING)):  # the manifest first
        if name.partition(".")[0] in backups or is_leftover(name, now):
            place.delete(name)
    return len(backups)


def kept_manifests(names: list[str], now: datetime) -> list[str]:
    by_day: dict[str, str] = {}
    for name in in_order(names, ENDING):
        by_day.setdefault(name[: len("assessment-20261128")], name)
    kept = [name for name in by_day.values() if name >= oldest_kept(now)]
    return kept or list(by_day.values())[:1]  # never the last one


def is_leftover(name: str, now: datetime) -> bool:
    """A part whose manifest never came or is lost, as old as the oldest backup that stays."""
    return not name.endswith((ENDING, PART)) and name < oldest_kept(now)


def oldest_kept(now: datetime) -> str:
    return f"assessment-{now - timedelta(days=settings.BACKUPS.keep_days):%Y%m%dT%H%M%SZ}"
