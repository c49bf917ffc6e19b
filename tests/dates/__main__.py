"""Run the tests with the clock of every process moved: `python -m tests.dates [OPTION...] [PYTEST ...]`.

Each test that starts no real processes runs at one of forty odd moments; after forty rounds at all of them.
Python, PostgreSQL and Valkey see the same moved clock, by a small library that all of them preload.
Exit code: 0 when all passed, 1 when a test failed, 2 when there is no C compiler to make the library.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import randrange

import psycopg
import redis

from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey
from tests.dates.calendar import MOMENTS
from tests.dates.clock import build_library, move, new_file

# One process: all tests share the clock of one PostgreSQL.
TESTS = ("-m", "not browser and not processes", "-q", "-n", "0", "-p", "no:cacheprovider")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/dates", description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the moments and end")
    parser.add_argument(
        "--rounds", type=int, default=1, metavar="N", help="40 for every test at every moment"
    )
    parser.add_argument("--round", type=int, default=randrange(len(MOMENTS)), help="the first; printed")
    parser.add_argument("--at", metavar="MOMENT", help="all tests at this one: 2028-02-29T00:05, in UTC")
    options, tests = parser.parse_known_args(arguments)
    if options.list:
        print(*(f"{moment:%Y-%m-%dT%H:%M}" for moment in MOMENTS), sep="\n")
        return 0
    if shutil.which("cc") is None:
        print("There is no C compiler. On Debian and Ubuntu: apt-get install gcc libc6-dev", file=sys.stderr)
        return 2
    if options.at:
        moment = datetime.fromisoformat(options.at).replace(tzinfo=UTC)
        return run(moment, tests)
    failed = []
    for number in range(options.round, options.round + options.rounds):
        print(f"== Round {number}", flush=True)
        if run(min(MOMENTS), ["-p", "tests.dates.moving", *tests], DATES_ROUND=str(number)):
            failed.append(number)
    print(*(f"Failed: script/dates --round {number}" for number in failed), sep="\n")
    return 1 if failed else 0


def run(moment: datetime, tests: list[str], **variables: str) -> int:
    """Run the tests on services of their own, all of which start at that moment; pytest's exit code."""
    with tempfile.TemporaryDirectory(prefix="dates-") as name:
        directory = Path(name)
        directory.chmod(0o755)  # PostgreSQL of root runs as nobody
        clock = clock_at(moment, directory)
        with services(directory, clock) as urls:
            check_clocks(urls, moment)
            return subprocess.run(
                [sys.executable, "-m", "pytest", *TESTS, *tests],
                env={**os.environ, **clock, **urls, **variables},
            ).returncode


def clock_at(moment: datetime, directory: Path) -> dict[str, str]:
    """What a process has to be given so that it follows a clock in this directory, which says `moment`."""
    library, file = directory / "clock.so", directory / "moved_by"
    build_library(library)
    new_file(file)
    move(file, moment, time.time())
    return {"LD_PRELOAD": str(library), "CLOCK_MOVED_BY": str(file)}


@contextmanager
def services(directory: Path, clock: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """PostgreSQL and Valkey with that clock; gives their URLs as environment variables."""
    environment = {"PATH": os.environ["PATH"], **clock}
    sockets = directory / "socket"
    sockets.mkdir()
    sockets.chmod(0o777)
    postgres = Postgres(directory / "postgres", sockets, directory / "postgres.log", False, environment)
    valkey = Valkey(directory / "valkey", directory / "valkey.log", False, environment)
    with ExitStack() as stack:
        database_url = stack.enter_context(postgres.running())
        yield {"DATABASE_URL": database_url, "REDIS_URL": stack.enter_context(valkey.running())}


def check_clocks(urls: Mapping[str, str], moment: datetime) -> None:
    """End the program when a service does not follow the clock."""
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        ((of_postgres,),) = connection.execute("SELECT extract(epoch FROM now())::float8")
    with redis.Redis.from_url(urls["REDIS_URL"]) as client:
        of_valkey, _ = client.time()
    if max(abs(seconds - moment.timestamp()) for seconds in (of_postgres, of_valkey)) > 300:
        raise SystemExit("The clock of PostgreSQL or Valkey did not move.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
