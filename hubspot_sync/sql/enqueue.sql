-- Put one lead into the queue, or let its open row start anew.
--
-- lead         id of the assessment
-- sync_type    contact | contact_and_deal
-- payload      why the lead is worth sending (JSON), never who it is
-- max_retries  attempts until a person must look
-- {only_if}    a condition, where the lead itself is stored by the same statement
--
-- A lead has at most one open row (sync_queue_one_open_row). A waiting or failed one starts anew; a leased one
-- stays with its worker, who sees the new revision when it is done and sends the row round again.

INSERT INTO hubspot_sync_queue AS queue (id, assessment_id, sync_type, payload, max_retries)
SELECT gen_random_uuid(), %(lead)s::uuid, %(sync_type)s::text, %(payload)s::jsonb, %(max_retries)s::integer
{only_if}
ON CONFLICT (assessment_id) WHERE status IN ('waiting', 'leased', 'failed') DO UPDATE SET
    sync_type = EXCLUDED.sync_type,
    payload = EXCLUDED.payload,
    max_retries = EXCLUDED.max_retries,
    status = CASE queue.status WHEN 'leased' THEN 'leased' ELSE 'waiting' END,
    claims = CASE queue.status WHEN 'leased' THEN queue.claims ELSE 0 END,
    revision = queue.revision + 1,
    retry_count = 0,
    outages = 0,
    next_retry_at = CASE queue.status WHEN 'leased' THEN queue.next_retry_at ELSE now() END,
    waiting_since = now(),
    last_error = '',
    failure_cause = '',
    hubspot_contact_id = NULL,
    hubspot_deal_id = NULL
