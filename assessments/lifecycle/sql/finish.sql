-- Store the result of an assessment with its responses, and clear its session.
--
-- key        session_id of the assessment, which the caller has locked
-- result     columns of the assessment to set (JSON by column)
-- responses  {{question_key, value, time_spent_seconds}} of each answer (JSON list)
-- at         when they were given
-- lifetime   until the session expires
--
-- Two look-ups by unique keys, and an insert:
--   Update on assessments
--     CTE cleared
--       ->  Update on assessment_sessions
--             ->  Index Scan using assessment_sessions_pkey
--     CTE answered
--       ->  Insert on responses
--             ->  Function Scan on jsonb_to_recordset
--     ->  Index Scan using assessments_session_id

WITH cleared AS (
    UPDATE assessment_sessions SET
        responses = '{{}}',
        time_spent = '{{}}',
        current_step = total_steps,
        expires_at = statement_timestamp() + %(lifetime)s::interval,
        email = NULL, first_name = NULL, last_name = NULL, company = NULL, phone = NULL
    WHERE session_id = %(key)s
), answered AS (
    INSERT INTO responses (
        id, assessment_id, question_key, value, is_valid, revision, time_spent_seconds, answered_at
    )
    SELECT gen_random_uuid(), %(id)s, question_key, value, true, 1, time_spent_seconds, %(at)s
    FROM jsonb_to_recordset(%(responses)s)
        AS answer (question_key text, value jsonb, time_spent_seconds integer)
)
UPDATE assessments AS assessment SET ({columns}) = (
    SELECT {columns} FROM jsonb_populate_record(assessment, %(result)s)
)
WHERE session_id = %(key)s
