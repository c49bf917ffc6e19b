-- Store the result of an assessment with its responses, and clear its session; no row when either has been
-- written, or a choice about its address recorded, since it was read.
--
-- key        session_id of the assessment
-- session    transaction that wrote the session last, when it was read (xmin)
-- assessment the same of the assessment
-- result     columns of the assessment to set (JSON by column)
-- responses  {{question_key, value, time_spent_seconds}} of each answer (JSON list)
-- at         when they were given
-- progress   of the session, with the last answers (JSON)
-- state      adaptive state of the session, the same
-- lifetime   until the session expires
-- addresses  keyed hashes of the address, whose choices were read; NULL without an address
-- scope      keyed hash of the address with the assessment
-- known      id of the newest of these choices
-- {{also}}     what apps above store with the result of a lead, with parameters of their own
--
-- Three look-ups by unique keys, and an insert:
--   Update on assessments
--     CTE read
--       ->  LockRows
--             ->  Nested Loop
--                   ->  Index Scan using assessment_sessions_pkey
--                   ->  Index Scan using assessments_session_id
--     CTE unchanged
--       ->  CTE Scan on read
--     CTE cleared
--       ->  Update on assessment_sessions
--             ->  Index Scan using assessment_sessions_pkey
--     CTE answered
--       ->  Insert on responses
--             ->  Function Scan on jsonb_to_recordset
--     CTE also_0
--       ->  Insert on hubspot_sync_queue
--     ->  Index Scan using assessments_session_id

WITH read AS (
    SELECT session.session_id
    FROM assessment_sessions AS session
    JOIN assessments AS assessment ON assessment.session_id = session.session_id
    WHERE session.session_id = %(key)s
        AND session.xmin = %(session)s::text::xid
        AND assessment.xmin = %(assessment)s::text::xid
    FOR UPDATE OF session, assessment
), unchanged AS (
    SELECT session_id FROM read
    WHERE %(addresses)s::text[] IS NULL
        OR no_choice_after(%(known)s::bigint, %(addresses)s::text[], %(scope)s::text)
), cleared AS (
    UPDATE assessment_sessions SET
        responses = '{{}}',
        time_spent = '{{}}',
        current_step = total_steps,
        progress = %(progress)s,
        adaptive_state = %(state)s,
        last_activity = now(),
        expires_at = statement_timestamp() + %(lifetime)s::interval,
        email = NULL, first_name = NULL, last_name = NULL, company = NULL, phone = NULL
    WHERE session_id = %(key)s AND EXISTS (SELECT FROM unchanged)
), answered AS (
    INSERT INTO responses (
        id, assessment_id, question_key, value, is_valid, revision, time_spent_seconds, answered_at
    )
    SELECT gen_random_uuid(), %(id)s, question_key, value, true, 1, time_spent_seconds, %(at)s
    FROM jsonb_to_recordset(%(responses)s)
        AS answer (question_key text, value jsonb, time_spent_seconds integer)
    WHERE EXISTS (SELECT FROM unchanged)
){also}
UPDATE assessments AS assessment SET
    updated_at = statement_timestamp(),
    ({columns}) = (SELECT {columns} FROM jsonb_populate_record(assessment, %(result)s))
WHERE session_id = %(key)s AND EXISTS (SELECT FROM unchanged)
RETURNING id
