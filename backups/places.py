"""Where backups lie: a directory, or a bucket of S3. A file appears under its name when it is complete."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import obstore
from django.conf import settings
from obstore.exceptions import BaseError
from obstore.store import S3Store

from backups.errors import BackupError

PART = ".part"


class Place(Protocol):
    def names(self) -> list[str]: ...
    def put(self, name: str, file: Path) -> None: ...
    def get(self, name: str, file: Path) -> None: ...
    def delete(self, name: str) -> None: ...


class Directory:
    """A directory that must be there: making it would hide a disk that is not mounted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_dir():
            raise BackupError(f"{path} is no directory. Mount its disk, or create it, or change BACKUP_TO.")

    def names(self) -> list[str]:
        return sorted(file.name for file in self.path.iterdir() if file.is_file() and file.suffix != PART)

    def put(self, name: str, file: Path) -> None:
        part = self.path / f"{name}{PART}"
        try:
            with file.open("rb") as source, part.open("wb") as target:
                part.chmod(0o600)
                shutil.copyfileobj(source, target, 1 << 20)
                target.flush()
                os.fsync(target.fileno())
            part.rename(self.path / name)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise BackupError(f"{self.path} takes no file: {error.strerror}.") from None

    def get(self, name: str, file: Path) -> None:
        try:
            shutil.copyfile(self.path / name, file)
        except OSError as error:
            raise BackupError(f"{name} cannot be read: {error.strerror}.") from None

    def delete(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)


class Bucket:
    """A prefix in a bucket of S3, or of a server that speaks its protocol."""

    def __init__(self, url: str) -> None:
        given, parts = settings.BACKUPS, urlsplit(url)
        options: dict[str, Any] = {"region": given.bucket_region, "virtual_hosted_style_request": False}
        if given.bucket_key_id:
            options |= {"access_key_id": given.bucket_key_id, "secret_access_key": given.bucket_secret}
        if given.bucket_endpoint:
            options["endpoint"] = given.bucket_endpoint
        self.store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            client_options={"allow_http": given.bucket_endpoint.startswith("http://"), "timeout": "60s"},
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=60)},
            **options,
        )

    def names(self) -> list[str]:
        return sorted(self._ask(lambda: [each["path"] for page in obstore.list(self.store) for each in page]))

    def put(self, name: str, file: Path) -> None:
        self._ask(lambda: obstore.put(self.store, name, file))

    def get(self, name: str, file: Path) -> None:
        self._ask(lambda: self._fetch(name, file))

    def _fetch(self, name: str, file: Path) -> None:
        with file.open("wb") as target:
            for chunk in obstore.get(self.store, name):
                target.write(chunk)

    def delete(self, name: str) -> None:
        self._ask(lambda: obstore.delete(self.store, name))

    def _ask(self, question: Any) -> Any:
        try:
            return question()
        except (BaseError, OSError) as error:
            raise BackupError(
                f"The bucket of BACKUP_TO cannot be used ({type(error).__name__}). See "
                f"BACKUP_BUCKET_ENDPOINT, "
                "BACKUP_BUCKET_REGION, BACKUP_BUCKET_KEY_ID and BACKUP_BUCKET_SECRET."
            ) from None


def backup_place() -> Place:
    """The place of BACKUP_TO. Raises BackupError."""
    to = settings.BACKUPS.to
    if not to:
        raise BackupError("BACKUP_TO is not set. Set it to a directory, or to s3://bucket/prefix.")
    return Bucket(to) if to.startswith("s3://") else Directory(Path(to))


def in_order(names: list[str], ending: str) -> Iterator[str]:
    """The names with this ending, newest first: a name begins with its moment."""
    return (name for name in sorted(names, reverse=True) if name.endswith(ending))
