-- Store answers and changed columns in an open session; no row when its assessment is finished.
--
-- key         SHA-256 of the token
-- valid       answers to merge (JSON): concurrent saves lose nothing
-- emptied     keys of answers to remove
-- time_spent  seconds by question to merge (JSON)
-- step        step saved
-- lifetime    until the session expires
-- changed     other columns to set (JSON by column); those left out stay as they are
--
-- Two look-ups by unique keys:
--   Update on assessment_sessions
--     ->  Nested Loop Anti Join
--           ->  Index Scan using assessment_sessions_pkey
--           ->  Index Scan using assessments_session_id

UPDATE assessment_sessions AS session SET
    responses = (session.responses || %(valid)s) - %(emptied)s::text[],
    time_spent = session.time_spent || %(time_spent)s,
    current_step = greatest(session.current_step, %(step)s),
    last_activity = now(),
    expires_at = statement_timestamp() + %(lifetime)s::interval,
    (email, first_name, last_name, company, phone, doubts, progress, adaptive_state) = (
        SELECT
            email, first_name, last_name, company, phone, doubts, progress, adaptive_state
        FROM jsonb_populate_record(session, %(changed)s)
    )
WHERE session.session_id = %(key)s AND NOT EXISTS (
    SELECT FROM assessments AS assessment
    WHERE assessment.session_id = session.session_id AND assessment.completed_at IS NOT NULL
)
