"""Run the tests with the clock of every process moved: `python -m tests.dates [--sample N] [PYTEST ...]`.

Python, PostgreSQL and Valkey see the same moved clock, by libfaketime. Each date has services of its own.
Exit code: 0 when all passed, 1 when a test failed on some date, 2 when libfaketime is not installed.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import psycopg

from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey
from tests.dates.calendar import MOMENTS

LIBRARY = "faketime/libfaketimeMT.so.1"
WITHOUT_PROCESSES = ("-m", "not browser and not processes", "-q", "-n", "2", "-p", "no:cacheprovider")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/dates", description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the moments and end")
    parser.add_argument("--sample", type=int, metavar="N", help="only N of them, chosen by --seed")
    parser.add_argument("--seed", default=secrets.token_hex(2), help="of the sample; printed")
    parser.add_argument("--at", action="append", metavar="MOMENT", help="this one, 2028-02-29T00:05, in UTC")
    options, tests = parser.parse_known_args(arguments)
    moments = [datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in options.at or ()] or MOMENTS
    if options.list:
        print(*(f"{moment:%Y-%m-%dT%H:%M}" for moment in moments), sep="\n")
        return 0
    library = libfaketime()
    if library is None:
        print("libfaketime is not installed. On Debian and Ubuntu: apt-get install faketime", file=sys.stderr)
        return 2
    if options.sample:
        print(f"Sample of seed {options.seed}")
        moments = Random(options.seed).sample(moments, min(options.sample, len(moments)))
    failed = [moment for moment in moments if not passes(moment, library, tests)]
    print(f"{len(moments) - len(failed)} of {len(moments)} moments passed.")
    for moment in failed:
        print(f"Failed: script/dates --at {moment:%Y-%m-%dT%H:%M}")
    return 1 if failed else 0


def libfaketime() -> Path | None:
    return next(Path("/usr/lib").glob(f"*/{LIBRARY}"), None)


def passes(moment: datetime, library: Path, tests: list[str]) -> bool:
    """Run the tests on services of their own, all of which believe that it is that moment."""
    clock = {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"{moment.timestamp() - time.time():+.0f}",  # an offset: all processes agree
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    print(f"== {moment:%Y-%m-%dT%H:%M}", flush=True)
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dates-")))
        directory.chmod(0o755)
        environment = {"PATH": os.environ["PATH"], **clock}
        sockets = directory / "socket"
        sockets.mkdir(mode=0o777)
        sockets.chmod(0o777)
        postgres = Postgres(directory / "postgres", sockets, directory / "postgres.log", False, environment)
        valkey = Valkey(directory / "valkey", directory / "valkey.log", False, environment)
        urls = {
            "DATABASE_URL": stack.enter_context(postgres.running()),
            "REDIS_URL": stack.enter_context(valkey.running()),
        }
        with psycopg.connect(urls["DATABASE_URL"]) as connection:
            ((told,),) = connection.execute("SELECT now()")
        if abs(told - moment) > timedelta(minutes=5):
            raise SystemExit(f"The clock of PostgreSQL did not move: it says {told}")
        result = subprocess.run(
            [sys.executable, "-m", "pytest", *WITHOUT_PROCESSES, *tests],
            env={**os.environ, **clock, **urls},
        )
    return result.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
