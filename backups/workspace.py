"""A directory for the files of a backup while it is made or read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backups.errors import BackupError


@contextmanager
def workspace(prefix: str) -> Iterator[Path]:
    """A private directory among the temporary files; it goes afterwards.

    Raises BackupError when it cannot be made, or a file in it cannot be written: the disk is full.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=prefix) as directory:
            yield Path(directory)
    except OSError as error:
        raise BackupError(
            f"The directory of temporary files, {tempfile.gettempdir()}, cannot be used: "
            f"{error.strerror or error}. Free space there (a backup and its dump must fit), or name another "
            "directory in TMPDIR."
        ) from None
