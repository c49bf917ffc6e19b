"""Many finished leads at once: copies of one real lead, made by the database."""

from tests.chaos.crowd import feed
from tests.chaos.world import World

COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = 'assessments' AND is_generated = 'NEVER'
"""
OWN = {
    "id": "gen_random_uuid()",
    "session_id": "'bulk-' || gen_random_uuid()",
    "email": "'bulk' || number || '@chaos.example'",
    "created_at": "created_at + number * interval '1 microsecond'",  # one after the other
}
UNCOUNTED = "SET session_replication_role = replica;"  # for it never happened
QUEUE = """
INSERT INTO hubspot_sync_queue (id, assessment_id, sync_type, max_retries)
SELECT gen_random_uuid(), id, 'contact_and_deal', 5 FROM assessments
WHERE session_id LIKE 'bulk-%'
"""


def copy_leads(world: World, count: int) -> None:
    """That many leads that nobody has queued yet."""
    feed(world, 1, rate=1, first=2).finish(world)
    world.postgres.rows("DELETE FROM hubspot_sync_queue")
    names = [name for (name,) in world.postgres.rows(COLUMNS)]
    values = ", ".join(OWN.get(name, name) for name in names)
    world.postgres.rows(
        f"{UNCOUNTED} INSERT INTO assessments ({', '.join(names)}) "
        f"SELECT {values} FROM assessments, generate_series(1, {count}) number"
    )


def queue_leads(world: World) -> None:
    world.postgres.rows(QUEUE)
