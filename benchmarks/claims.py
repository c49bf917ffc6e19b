"""Seconds of one claim beside many done rows, and the same while somebody holds an old transaction open."""

import argparse
from contextlib import ExitStack

import psycopg

from tests.chaos.bulk import copy_leads, queue_leads
from tests.chaos.crowd import percentile
from tests.chaos.world import World, world

DUE = 5000
SHARES = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
FINISH = "UPDATE hubspot_sync_queue SET status = 'done', completed_at = now()"
FRESH = """
INSERT INTO hubspot_sync_queue (id, assessment_id, sync_type, max_retries)
SELECT gen_random_uuid(), id, 'contact_and_deal', 5 FROM assessments WHERE session_id LIKE 'bulk-%%' LIMIT %s
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--done", type=int, default=100_000)
    done = parser.parse_args().done
    with world() as ours:
        copy_leads(ours, done)
        queue_leads(ours)
        ours.postgres.rows(FINISH)
        ours.postgres.rows("VACUUM ANALYZE hubspot_sync_queue")
        measure(ours, f"beside {done} done rows")
        with ExitStack() as held:
            old = held.enter_context(psycopg.connect(ours.postgres.url))
            old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            old.execute("SELECT count(*) FROM hubspot_sync_queue")
            measure(ours, "and beside an old transaction")


def measure(ours: World, when: str) -> None:
    """Claims, and as a measure of the machine the plainest write there is: one row, one commit."""
    ours.postgres.rows(FRESH, DUE)
    lines = [line.split() for line in ours.run("benchmarks.claim_timer")]
    claims, commits = ([float(line[column]) for line in lines] for column in (0, 1))
    times = ", ".join(f"{name} {percentile(claims, share) * 1000:.1f} ms" for name, share in SHARES)
    ratio = percentile(claims, 0.5) / percentile(commits, 0.5)
    print(f"{len(claims)} claims {when}: {times}; {ratio:.1f} times a plain update", flush=True)


if __name__ == "__main__":
    main()
