-- Store answers in an open session that nothing has to be known of first, and return it; no row when it has
-- expired or has an address, when its assessment is finished, another one, or in another language.
--
-- key         SHA-256 of the token
-- version     of the questionnaire
-- assessment  id of the assessment that is meant; NULL for that of the session
-- language    of the assessment
-- valid       answers to merge (JSON): concurrent saves lose nothing
-- emptied     keys of answers to remove
-- total       questions of the version: each stored answer is a complete one
-- step        step saved
-- lifetime    until the session expires
--
-- Two look-ups by unique keys:
--   Update on assessment_sessions
--     ->  Nested Loop
--           ->  Index Scan using assessment_sessions_pkey
--           ->  Index Scan using assessments_session_id

UPDATE assessment_sessions AS session SET
    (responses, progress) = (
        SELECT merged, jsonb_build_object(
            'percentage', 100 * answered / %(total)s::integer, 'answered', answered, 'total', %(total)s::integer
        )
        FROM (SELECT (session.responses || %(valid)s) - %(emptied)s::text[] AS merged) AS given,
            LATERAL (SELECT count(*) AS answered FROM jsonb_object_keys(merged)) AS counted
    ),
    current_step = greatest(session.current_step, least(%(step)s, session.total_steps)),
    last_activity = now(),
    expires_at = statement_timestamp() + %(lifetime)s::interval
FROM assessments AS assessment
WHERE session.session_id = %(key)s
    AND session.expires_at > statement_timestamp()
    AND session.email IS NULL
    AND assessment.session_id = session.session_id
    AND assessment.completed_at IS NULL
    AND assessment.version_id = %(version)s
    AND assessment.language = %(language)s
    AND assessment.id = coalesce(%(assessment)s::uuid, assessment.id)
RETURNING assessment.id, session.responses, session.current_step, session.total_steps
