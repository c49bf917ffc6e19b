-- Multiply the leads of demonstration data up to a number, as months of a busy form leave them.
--
-- leads   how many are added in all
-- sealed  how many of them still have contact details, which stand in `people` (number, five columns, choice)
--
-- Triggers are off: the figures are counted afterwards, at once.

SET LOCAL session_replication_role = replica;

CREATE TEMP TABLE samples ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY id) AS place, sample.* FROM assessments AS sample
    WHERE session_id LIKE 'demo-%%' AND lead_quality IS NOT NULL LIMIT 5000;

-- Not gen_random_uuid(), which takes minutes for millions.
CREATE TEMP TABLE added ON COMMIT DROP AS
    SELECT number, md5(now() || '-' || number)::uuid AS id, 1 + (number::bigint * 7919) %% (SELECT count(*) FROM samples) AS place,
           now() - CASE WHEN number <= %(sealed)s THEN random() * interval '29 days'
                   ELSE interval '31 days' + random() * interval '370 days' END AS started
    FROM generate_series(1, %(leads)s) AS number
    ORDER BY 4;  -- rows lie in the table in the order in which they came

INSERT INTO assessments (
    id, session_id, version_id, created_at, updated_at, completed_at, responses, total_score, score_breakdown,
    score_category, completion_time_seconds, browser_info, referrer_source, utm, language, lead_quality,
    qualified_for_briefing, contact_depth, hubspot_sync_status, hubspot_sync_attempts, email_delivery_status,
    email_delivery_attempts, email_scrubbed_at, address_checked_at, email, first_name, last_name, company, phone,
    contact_choice
)
SELECT added.id, 'demo-bulk-' || now() || '-' || number, version_id, started, started,
       started + completion_time_seconds * interval '1 second', responses, total_score, score_breakdown,
       score_category, completion_time_seconds, browser_info, referrer_source, utm, language, lead_quality,
       qualified_for_briefing, contact_depth, 'synced', 0, 'skipped', 0,
       CASE WHEN people.email IS NULL THEN started + interval '30 days' END, started,
       people.email, people.first_name, people.last_name, people.company, people.phone,
       people.contact_choice
FROM added JOIN samples USING (place) LEFT JOIN people USING (number)
ORDER BY started;

INSERT INTO responses (id, assessment_id, question_key, value, time_spent_seconds, is_valid, revision, answered_at)
SELECT md5(added.id || answer.question_key)::uuid, added.id, answer.question_key, answer.value, answer.time_spent_seconds, true, 1, started
FROM added JOIN samples USING (place) JOIN responses AS answer ON answer.assessment_id = samples.id
WHERE number <= %(sealed)s;

INSERT INTO lead_work (assessment_id, owner_id, owned_at, outcome, first_contact_at, last_contact_at, follow_up_on)
SELECT added.id, owner.id, started, outcome, contacted, contacted, follow_up
FROM added
JOIN (SELECT row_number() OVER () - 1 AS seat, id FROM users WHERE email LIKE '%%@demo.example') AS owner (seat, id)
    ON seat = number %% (SELECT count(*) FROM users WHERE email LIKE '%%@demo.example'),
LATERAL (SELECT CASE WHEN number %% 10 < 7 THEN
             (ARRAY['reached', 'no_answer', 'meeting', 'won', 'not_a_fit', 'wrong_details'])[1 + number %% 6]
         ELSE '' END AS outcome) AS done,
LATERAL (SELECT CASE WHEN outcome <> '' THEN started + random() * interval '2 days' END AS contacted,
                CASE WHEN outcome = 'no_answer' THEN (now() + random() * interval '20 days')::date END AS follow_up) AS at
WHERE number %% 5 < 3;

INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id,
       cell.figure, cell.name, cell.part, cell.number, count(*)
FROM added JOIN assessments AS run USING (id) CROSS JOIN LATERAL figures_of_run(run) AS cell
GROUP BY 1, 2, 3, 4, 5, 6;
