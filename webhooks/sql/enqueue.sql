-- Queue a call of each active webhook for each newly qualified lead that it has not heard of.
--
-- hours     how far back leads are looked for
-- silence   whether who has said nothing may be called
--
-- Not a receiver of `lead_changed`: a submit pays for no statement, and a lead that qualifies later is found as
-- well. Doubtful and settled leads, objections and scrubbed ones are left out. Idempotent: one call for webhook and lead.

INSERT INTO webhook_calls (id, webhook_id, assessment_id)
SELECT gen_random_uuid(), webhooks.id, lead.id
FROM assessments lead CROSS JOIN webhooks
WHERE webhooks.is_active
  AND lead.completed_at > greatest(now() - make_interval(hours => %(hours)s), webhooks.created_at)
  AND lead.qualified_for_briefing
  AND lead.email_scrubbed_at IS NULL
  AND lead.doubts = '{}'
  AND lead.hubspot_sync_status <> 'settled'
  AND coalesce(lead.contact_choice, %(silence)s)
ON CONFLICT (webhook_id, assessment_id) DO NOTHING
