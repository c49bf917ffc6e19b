-- Owners of the leads that were taken last, by name: how many, and how they do.
--
-- since    leads taken since then count
-- most     of these the last ones
-- today    a follow-up before it is overdue
-- closed   outcomes after which a lead is no longer open
-- meeting, won   the outcomes that are counted
--
-- Grouped by key and only then by name: PostgreSQL would sort five thousand names by the rules of a language.

SELECT users.full_name, users.email, taken, open, overdue, contacted, meetings, won, speed
FROM (
    SELECT owner_id,
        count(*) AS taken,
        count(*) FILTER (WHERE is_open) AS open,
        count(*) FILTER (WHERE is_open AND follow_up_on < %(today)s) AS overdue,
        count(first_contact_at) AS contacted,
        count(*) FILTER (WHERE outcome = %(meeting)s) AS meetings,
        count(*) FILTER (WHERE outcome = %(won)s) AS won,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY first_contact_at - completed_at) AS speed
    FROM (
        SELECT owner_id, outcome, follow_up_on, first_contact_at, completed_at,
            outcome <> ALL (%(closed)s) AND email_scrubbed_at IS NULL AS is_open
        FROM (
            SELECT assessment_id, owner_id, outcome, follow_up_on, first_contact_at
            FROM lead_work
            WHERE owner_id IS NOT NULL AND owned_at >= %(since)s
            ORDER BY owned_at DESC LIMIT %(most)s
        ) AS work
        JOIN assessments ON assessments.id = assessment_id
    ) AS recent
    GROUP BY owner_id
) AS team
JOIN users ON users.id = owner_id
ORDER BY full_name, email
