-- Give demonstration data what it leaves out: deliveries, mails, links and consents of its leads, and sessions of the
-- newest assessments. For a database that is thrown away.
--
-- sessions   how many are open

INSERT INTO hubspot_sync_queue (id, assessment_id, sync_type, status, max_retries, created_at, completed_at)
SELECT gen_random_uuid(), id, 'contact', CASE WHEN number %% 500 = 0 THEN 'waiting' ELSE 'done' END, 5, created_at,
       CASE WHEN number %% 500 = 0 THEN NULL ELSE created_at END
FROM (SELECT id, created_at, row_number() OVER () AS number FROM assessments WHERE lead_quality IS NOT NULL) AS leads
ON CONFLICT DO NOTHING; -- submitted while a smaller size was measured

INSERT INTO hubspot_sync_attempts (assessment_id, revision, outcome, cause, correlation_id, created_at)
SELECT assessment_id, 1, 'delivered', '', gen_random_uuid()::text, created_at FROM hubspot_sync_queue
WHERE status = 'done';

INSERT INTO mail_queue (id, kind, assessment_id, key, status, created_at, next_try_at)
SELECT gen_random_uuid(), 'result', id, md5(id::text), CASE WHEN number %% 500 = 0 THEN 'waiting' ELSE 'sent' END,
       created_at, created_at
FROM (SELECT id, created_at, row_number() OVER () AS number FROM assessments WHERE lead_quality IS NOT NULL) AS leads;

INSERT INTO run_links (id, assessment_id, purpose, token_hash, created_at, expires_at)
SELECT gen_random_uuid(), id, 'report', md5(id::text) || md5(session_id), created_at, created_at + interval '30 days'
FROM assessments WHERE lead_quality IS NOT NULL;

INSERT INTO consents (address_hash, purpose, given, text, text_version, source, recorded_at)
SELECT md5(id::text) || md5(session_id), 'result', true, 'Mail me my result and the report.', '1', 'results', created_at
FROM assessments WHERE lead_quality IS NOT NULL;

INSERT INTO assessment_sessions (session_id, current_step, total_steps, responses, expires_at)
SELECT session_id, 2, 5, responses, created_at + interval '24 hours'
FROM assessments ORDER BY created_at DESC LIMIT %(sessions)s
