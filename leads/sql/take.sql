-- Give leads to an owner, and record it in their history, in one statement.
--
-- leads    ids of the assessments; scrubbed and unfinished ones are left out
-- owner    the new owner
-- actor    who does it
-- kind     claimed | assigned
-- free     true: only leads without an owner, so that of two who claim at once one gets it
--
-- Returns the ids of the leads that changed hands. A concurrent claim waits for the row locks of the first and
-- then sees its owner; one that waits for an erasure or the scrub then sees that nobody is left.

WITH chosen AS (
    SELECT id FROM assessments
    WHERE id = ANY(%(leads)s) AND lead_quality IS NOT NULL AND email_scrubbed_at IS NULL
    ORDER BY id
    FOR NO KEY UPDATE
),
taken AS (
    INSERT INTO lead_work AS work (assessment_id, owner_id, owned_at)
    SELECT id, %(owner)s, now() FROM chosen
    ON CONFLICT (assessment_id) DO UPDATE
    SET owner_id = EXCLUDED.owner_id, owned_at = now()
    WHERE work.owner_id IS NULL OR (NOT %(free)s AND work.owner_id <> EXCLUDED.owner_id)
    RETURNING assessment_id
)
INSERT INTO lead_events (assessment_id, actor_id, kind, owner_id)
SELECT assessment_id, %(actor)s, %(kind)s, %(owner)s FROM taken
RETURNING assessment_id
