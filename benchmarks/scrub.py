"""The scrub against one UPDATE over the same rows: rows a second, its longest lock, and what visitors feel.

Visitors submit over HTTP while it runs, and just as many while it does not.
"""

import argparse

from benchmarks.one_statement import compare
from tests.chaos.bulk import UNCOUNTED, copy_leads
from tests.chaos.crowd import Told, invite, percentile
from tests.chaos.world import World, world

TIMER = "benchmarks.scrub_timer"
AGE = """
UPDATE assessments SET created_at = created_at - interval '40 days' WHERE session_id LIKE 'bulk-%'
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3, help="turns of each; the fastest counts")
    parser.add_argument("--visitors", type=int, default=100)
    parser.add_argument("--rate", type=float, default=5.0)
    options = parser.parse_args()
    with world() as ours:
        compare(ours, TIMER, lambda: old_leads(ours, options.rows), options.rows, options.times)
        slowness(ours, options.rows, options.visitors, options.rate)


def slowness(ours: World, rows: int, visitors: int, rate: float) -> None:
    """The scrub starts anew over rows that are made old again, for as long as visitors come."""
    old_leads(ours, rows)
    url = ours.start_web()
    idle = invite(ours, url, visitors, rate=rate).finish(ours)
    crowd = invite(ours, url, visitors, rate=rate)
    scrub = ours.begin(TIMER)
    runs = 0
    while not crowd.helper.gone:
        if scrub.gone:
            runs += 1
            ours.postgres.rows("UPDATE assessments SET email = 'a@b.example' WHERE session_id LIKE 'bulk-%'")
            scrub = ours.begin(TIMER)
        ours.wait(0.2)
    busy = crowd.finish(ours)
    scrub.finish(seconds=300)
    print(f"submits, idle: {idle.submits}; during the scrub ({runs + 1} runs): {busy.submits}")
    print(f"p95 {p95(busy) / p95(idle):.2f} times idle; turned away {busy.disappointed} of {visitors}")


def p95(told: Told) -> float:
    return percentile(told.seconds, 0.95)


def old_leads(ours: World, rows: int) -> None:
    """So many leads that are past their retention, and nothing else."""
    ours.clean()
    copy_leads(ours, rows)
    ours.postgres.rows(UNCOUNTED + AGE)
    ours.postgres.rows("VACUUM ANALYZE assessments")


if __name__ == "__main__":
    main()
