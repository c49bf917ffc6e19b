"""How long pages of the back office take with 10,000 and with 1,000,000 leads; an export's speed and memory.

    .venv/bin/python -m benchmarks.back_office

It starts a PostgreSQL and a Redis of its own, and fills them: half an hour, 6 GB. Milliseconds are those of
the whole request in one process, without a network: the view, its statements, the page.
"""

import os
import subprocess
import sys
from argparse import ArgumentParser

SIZES = "10000:1000,1000000:100000"


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help=f"leads:with contact details,… ({SIZES})")
    parser.add_argument("--times", default="20", help="requests of each page (20)")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--no-export", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DEBUG", "true")
    if not os.environ.get("DATABASE_URL"):  # again, beside services that end with it
        again = [*python("config.embedded"), "--", *python("benchmarks.back_office"), *sys.argv[1:]]
        os.execv(sys.executable, again)  # noqa: S606  # ourselves
    for pair in options.sizes.split(","):
        leads, sealed = pair.split(":")
        size = ("--leads", leads, "--sealed", sealed)
        within("benchmarks.back_office_pages", *size, "--times", options.times, "--only", options.only)
        if not options.no_export:
            within("benchmarks.export_timer")


def python(module: str) -> list[str]:
    return [sys.executable, "-m", module]


def within(module: str, *arguments: str) -> None:
    subprocess.run([*python("tests.chaos.within"), module, *arguments], check=True)  # noqa: S603  # our own


if __name__ == "__main__":
    main()
