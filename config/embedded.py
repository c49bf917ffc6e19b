"""Placeholder until the embedded services land."""

import sys
from pathlib import Path
from typing import NamedTuple


class Services(NamedTuple):
    database_url: str
    redis_url: str


def ensure(directory: Path) -> Services:
    sys.exit("DATABASE_URL and REDIS_URL are missing.")
