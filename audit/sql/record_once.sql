-- Record an event unless an equal one is younger than the interval `within`.
--
-- event_type, message, data   the columns; data is JSON text
-- within                      an interval

INSERT INTO system_logs (event_type, message, data)
SELECT new.event_type, new.message, new.data
FROM (VALUES (%(event_type)s, %(message)s, %(data)s::jsonb)) AS new (event_type, message, data)
WHERE NOT EXISTS (
    SELECT FROM system_logs AS old
    WHERE old.event_type = new.event_type
        AND old.data = new.data
        AND old.created_at > statement_timestamp() - %(within)s
)
