"""`python -m tests.upgrade [--from COMMIT] [--images OLD NEW]`: upgrade and roll back while visitors come.

The old release (by default the newest tag, or the first commit with the tables of today) migrates an empty
database and takes leads; the new one migrates while the old one serves; the old one is tried on the new
schema; web, worker and beat are exchanged behind a load balancer; then all goes back. Status 1 when a visitor
met an error, a lead is missing, a process did not stop in time, or the schema differs after going back and
forth. With --images both are images of buildah (script/image), run by runc, read-only, as their user.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from config.tests.processes import PROJECT
from tests.upgrade.releases import Checkout, Release, files_of, last_release, mounted
from tests.upgrade.scenario import Failed, Scenario, play


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--from", dest="commit", default=last_release(), metavar="COMMIT")
    parser.add_argument("--images", nargs=2, metavar=("OLD", "NEW"))
    parser.add_argument(
        "--rows", type=int, default=0, help="assessments in the database first: copies of one"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="upgrade-") as directory:
        old: Release
        new: Release
        if options.images:
            old, new = (mounted(name) for name in options.images)
        else:
            try:
                old = Checkout(options.commit, files_of(options.commit, Path(directory)))
            except LookupError as error:
                print(error, file=sys.stderr)
                return 1
            new = Checkout("this one", PROJECT)
        began = time.monotonic()
        try:
            with Scenario.running() as scenario:
                for line in play(scenario, old, new, options.rows):
                    print(f"{time.monotonic() - began:4.0f} s  {line}", flush=True)
        except Failed as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
