"""Visitors who see an error while PostgreSQL restarts ten times; the bar is fewer than 1 %.

Each goes through the whole form as a browser without JavaScript does: landing page, start, every step, the
page of the address, the result. A restart takes PostgreSQL away for a second or more. Whoever gets anything
but a page or a redirect, or no answer at all, saw an error and gives up.

    .venv/bin/python -m benchmarks.restarts
"""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import requests

from benchmarks.production import Visitor, pages
from tests.chaos.world import World, world

AT_ONCE = 64
AWAY = 1.0  # seconds between stop and start
THINKS = 0.3  # seconds before each request
BAR = 0.01


class Disappointed(Exception):
    """A visitor saw an error; the message says which, and at what kind of request."""


class Person(Visitor):
    """A visitor who takes time to read, and gives up at the first error."""

    def get(self, path: str) -> requests.Response:
        time.sleep(THINKS)
        return expected(super().get(path), "GET")

    def post(self, path: str, page: str, **sent: str) -> str:
        time.sleep(THINKS)
        return super().post(path, page, **sent)

    def remember(self, response: requests.Response) -> requests.Response:
        return super().remember(expected(response, response.request.method or ""))


def expected(response: requests.Response, method: str) -> requests.Response:
    if response.status_code >= requests.codes.bad_request:
        raise Disappointed(f"{response.status_code} at {method}")
    return response


def main() -> int:
    options = parse()
    count = int((options.restarts * options.pause + options.calm) * options.rate)
    with world() as found:
        url = found.start_web().rstrip("/")
        with ThreadPoolExecutor(AT_ONCE) as crowd:
            begin = time.monotonic()
            visits = [crowd.submit(visit, url, begin + number / options.rate) for number in range(count)]
            for _ in range(options.restarts):
                time.sleep(options.pause - AWAY)
                restart(found)
            seen = Counter(error for visitor in visits if (error := visitor.result()))
        finished = found.postgres.rows("SELECT count(*) FROM assessments WHERE completed_at IS NOT NULL")[0][
            0
        ]
    errors = seen.total()
    print(f"{errors} of {count} visitors saw an error ({errors / count:.2%}) in {options.restarts} restarts")
    print(f"{finished} finished; errors: {dict(seen) or 'none'}")
    return int(errors / count >= BAR)


def visit(url: str, at: float) -> str:
    """Go through the form from that moment on; the error seen, or ''."""
    time.sleep(max(0.0, at - time.monotonic()))
    try:
        pages(Person(url))
    except Disappointed as error:
        return str(error)
    except requests.RequestException as error:
        return type(error).__name__
    return ""


def restart(found: World) -> None:
    found.postgres.stop()
    time.sleep(AWAY)
    found.postgres.start()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--restarts", type=int, default=10)
    parser.add_argument("--pause", type=float, default=12.0, help="seconds from one restart to the next")
    parser.add_argument("--calm", type=float, default=20.0, help="seconds of visitors after the last one")
    parser.add_argument("--rate", type=float, default=5.0, help="visitors a second")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
