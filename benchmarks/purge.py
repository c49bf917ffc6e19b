"""The purge against one DELETE of the same rows: rows a second, its longest lock, and what visitors feel.

Each assessment has its sixteen responses and a delivered row of the queue. Visitors submit over HTTP while it
runs, and just as many while it does not.
"""

import argparse

from benchmarks.one_statement import SECONDS, compare
from tests.chaos.bulk import UNCOUNTED, copy_leads, queue_leads
from tests.chaos.crowd import Told, invite, percentile
from tests.chaos.world import World, world

TIMER = "benchmarks.purge_timer"
AGE = """
UPDATE assessments SET created_at = created_at - interval '400 days' WHERE session_id LIKE 'bulk-%'
"""
RESPONSES = """
INSERT INTO responses (id, assessment_id, question_key, value, is_valid, revision)
SELECT gen_random_uuid(), copy.id, answer.question_key, answer.value, true, 1
FROM assessments AS copy, responses AS answer WHERE copy.session_id LIKE 'bulk-%'
ORDER BY copy.created_at -- those of one assessment lie together, as they are written together
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assessments", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3, help="turns of each; the fastest counts")
    parser.add_argument("--visitors", type=int, default=100)
    parser.add_argument("--rate", type=float, default=5.0)
    options = parser.parse_args()
    with world() as ours:
        compare(
            ours,
            TIMER,
            lambda: old_assessments(ours, options.assessments),
            options.assessments,
            options.times,
        )
        slowness(ours, options.assessments, options.visitors, options.rate)


def slowness(ours: World, count: int, visitors: int, rate: float) -> None:
    """How long submits take while nothing else happens, and while a purge runs that outlasts them."""
    old_assessments(ours, count)
    url = ours.start_web()
    idle = invite(ours, url, visitors, rate=rate).finish(ours)
    crowd = invite(ours, url, visitors, rate=rate)
    purge = ours.begin(TIMER)
    busy = crowd.finish(ours)
    outlasted = not purge.gone
    purge.finish(seconds=SECONDS)
    print(f"submits, idle: {idle.submits}; during the purge: {busy.submits}")
    print(f"p95 {p95(busy) / p95(idle):.2f} times idle; turned away {busy.disappointed} of {visitors}")
    if not outlasted:
        print("The purge was over before the last visitor: take more --assessments or fewer --visitors.")


def p95(told: Told) -> float:
    return percentile(told.seconds, 0.95)


def old_assessments(ours: World, count: int) -> None:
    """So many runs of over a year ago, and what hangs on them."""
    ours.clean()
    copy_leads(ours, count)
    queue_leads(ours)
    ours.postgres.rows("UPDATE hubspot_sync_queue SET status = 'done', completed_at = now()")
    ours.postgres.rows(RESPONSES)
    ours.postgres.rows(UNCOUNTED + AGE)
    ours.postgres.rows("VACUUM ANALYZE")


if __name__ == "__main__":
    main()
