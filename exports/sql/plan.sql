-- Store the keys of a view's leads in its order, in batches.
--
-- parameters   the export, when it expires, the size of a batch, those of the view, the size of a batch again
-- ordered      in braces: the statement of the view, whose first column is their id

INSERT INTO export_batches (export_id, expires_at, number, leads)
SELECT %s, %s, (place - 1) / %s, array_agg(id ORDER BY place)
FROM (SELECT id, row_number() OVER () AS place FROM ({ordered}) AS ordered (id)) AS numbered
GROUP BY (place - 1) / %s
