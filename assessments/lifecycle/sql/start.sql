-- Create an assessment with an open session.
--
-- Two inserts and no search:
--   Insert on assessment_sessions
--     CTE started
--       ->  Insert on assessments
--             ->  Result
--     ->  CTE Scan on started

WITH started AS (
    INSERT INTO assessments (
        id, session_id, version_id, responses, hubspot_sync_status, hubspot_sync_attempts,
        email_delivery_status, email_delivery_attempts, qualified_for_briefing, browser_info,
        referrer_source, utm, language, ab_test_variant, variants, ip_address_hash, doubts
    ) VALUES (
        %(id)s, %(key)s, %(version)s, '{}', 'pending', 0, 'pending', 0, false, %(browser)s,
        %(referrer)s, %(utm)s, %(language)s, %(variant)s, %(variants)s, %(client)s, %(doubts)s
    )
    RETURNING session_id, ip_address_hash, referrer_source, ab_test_variant
)
INSERT INTO assessment_sessions (
    session_id, current_step, total_steps, responses, doubts, ip_address_hash, user_agent, referrer_source,
    ab_test_variant, expires_at
)
SELECT
    session_id, 0, %(total_steps)s, '{}', '{}', ip_address_hash, %(user_agent)s, referrer_source,
    ab_test_variant, statement_timestamp() + %(lifetime)s::interval
FROM started
RETURNING started_at, expires_at
