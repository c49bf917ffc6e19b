"""Restore a backup: fetch, compare checksums, decrypt, and give it to pg_restore."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from backups.errors import BackupError
from backups.keys import decrypt, identity
from backups.manifest import DUMP, Manifest, checksum, read_manifest
from backups.places import Place, backup_place
from backups.programs import last_line, libpq, program
from backups.workspace import workspace


@contextmanager
def opened_backup(name: str = "", *, identity_file: str = "") -> Iterator[tuple[Manifest, Path]]:
    """(manifest, file of the decrypted dump), by default of the newest backup; the file goes afterwards."""
    place, key = backup_place(), identity(identity_file)
    with workspace("restore-") as directory:
        manifest = read_manifest(place, directory, name)
        yield manifest, fetch_dump(place, manifest, directory, key)


def fetch_dump(place: Place, manifest: Manifest, workspace: Path, key: Any) -> Path:
    """Fetch every part and compare it with the manifest, then decrypt the dump. Raises BackupError."""
    names = place.names()
    for part in manifest.parts:
        if part.name not in names:
            raise BackupError(f"{part.name} is missing. Take an older backup.")
        file = workspace / part.name
        place.get(part.name, file)
        if file.stat().st_size != part.bytes or checksum(file) != part.sha256:
            raise BackupError(f"{part.name} is damaged: its checksum differs. Take an older backup.")
    dump = manifest.part(DUMP)
    if dump is None:
        raise BackupError(f"{manifest.name} holds no dump of the database. Take an older backup.")
    plain = workspace / "database.dump"
    decrypt(workspace / dump.name, plain, key)
    return plain


def restore_dump(manifest: Manifest, dump: Path, url: str = "") -> None:
    """Restore into an empty database, all or nothing. Raises BackupError."""
    database, environment = libpq(url)
    refuse_full_database(database, environment)
    restored = subprocess.run(  # noqa: S603  # our own arguments
        [
            program("pg_restore", int(manifest.server)),
            *("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"),
            f"--dbname={database}",
            str(dump),
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if restored.returncode:
        raise BackupError(f"pg_restore fails, and nothing was changed: {last_line(restored.stderr)}.")


def refuse_full_database(database: str, environment: dict[str, str]) -> None:
    try:
        with psycopg.connect(database, password=environment.get("PGPASSWORD"), connect_timeout=10) as target:
            found = target.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
            ).fetchone()
    except psycopg.Error as error:
        raise BackupError(f"The database to restore into does not answer ({type(error).__name__}).") from None
    if found and found[0]:
        raise BackupError(
            f"The database to restore into holds {found[0]} tables. Name an empty one with --to URL."
        )
