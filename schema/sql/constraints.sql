-- (table, constraint, kind, definition, validated, referenced table, on delete, columns) of the current schema.
SELECT t.relname, n.conname, n.contype::text, pg_get_constraintdef(n.oid), n.convalidated,
    coalesce(f.relname, ''), n.confdeltype::text,
    ARRAY(SELECT attname FROM unnest(n.conkey) WITH ORDINALITY AS k(number, place)
          JOIN pg_attribute a ON a.attrelid = n.conrelid AND a.attnum = number ORDER BY place)
FROM pg_constraint n JOIN pg_class t ON t.oid = n.conrelid LEFT JOIN pg_class f ON f.oid = n.confrelid
WHERE n.contype IN ('p', 'f', 'u', 'c', 'x') AND t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname, n.conname
