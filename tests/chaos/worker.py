"""`... tests.chaos.worker [--die-at POINT --every K] [--lease S] [--batch N] -- CELERY ARGUMENTS`.

A Celery worker of the product that dies where it is told to, or has a shorter lease or smaller batches than
in production. It must lead a process group: that is what dies.
"""

import argparse
import sys
from datetime import timedelta

from celery.__main__ import main as celery

from hubspot_sync import models
from hubspot_sync.models import queue
from tests.chaos.fail_points import POINTS, die_at


def main() -> None:
    options, arguments = parse(sys.argv[1:])
    if options.lease:
        queue.LEASE = timedelta(seconds=options.lease)
    if options.batch:
        make_batches_smaller(options.batch)
    if options.die_at:
        die_at(options.die_at, every=options.every)
    sys.argv = ["celery", *arguments]
    celery()


def make_batches_smaller(largest: int) -> None:
    claim = models.SyncQueueQuerySet.claim

    def claim_fewer(self: models.SyncQueueQuerySet, limit: int) -> list[models.SyncQueueItem]:
        return claim(self, min(limit, largest))

    models.SyncQueueQuerySet.claim = claim_fewer  # type: ignore[method-assign]  # on purpose


def parse(words: list[str]) -> tuple[argparse.Namespace, list[str]]:
    own = words.index("--")
    parser = argparse.ArgumentParser(prog="tests.chaos.worker")
    parser.add_argument("--die-at", choices=POINTS)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--lease", type=float, help="seconds instead of hubspot_sync.models.LEASE")
    parser.add_argument("--batch", type=int, help="rows that a claim takes at most")
    return parser.parse_args(words[:own]), words[own + 1 :]


if __name__ == "__main__":
    main()
