-- Lease due rows of the queue to one worker; no two workers get one row.
--
-- token       lease token of the worker
-- lease       how long the lease lasts (interval)
-- limit       rows at most
-- max_claims  rows that were claimed so often are crash looping and stay
-- cohort      rows that a second claim takes: of a batch whose worker died
-- Returns the leased rows.
--
-- One statement, one commit: it is all that claimers ever wait for. A row whose worker died is claimed again in a
-- smaller cohort of rows that were claimed as often, from the third time on alone: a poison row takes ever fewer
-- others along. The cohort is chosen among rows that are locked already, so what another claimer has locked is
-- neither waited for nor counted. Index: sync_queue_due.

WITH due AS (
    SELECT id, claims, next_retry_at, created_at
    FROM hubspot_sync_queue
    WHERE status IN ('waiting', 'leased') AND next_retry_at <= statement_timestamp() AND claims < %(max_claims)s
    ORDER BY next_retry_at, created_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), first AS (
    SELECT claims FROM due ORDER BY next_retry_at, created_at LIMIT 1
), cohort AS (
    SELECT id FROM due JOIN first USING (claims)
    ORDER BY next_retry_at, created_at
    LIMIT (SELECT CASE claims WHEN 0 THEN %(limit)s WHEN 1 THEN %(cohort)s ELSE 1 END FROM first)
)
UPDATE hubspot_sync_queue AS queue
SET status = 'leased', lease_token = %(token)s, next_retry_at = statement_timestamp() + %(lease)s,
    claims = queue.claims + 1, last_attempt_at = statement_timestamp()
FROM cohort
WHERE queue.id = cohort.id
RETURNING queue.*
