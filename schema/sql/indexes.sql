-- (table, index, definition, unique, primary, valid, columns, condition, operator classes) of the current schema.
SELECT t.relname, i.relname, pg_get_indexdef(x.indexrelid), x.indisunique, x.indisprimary, x.indisvalid,
    ARRAY(SELECT coalesce(a.attname, '(expression)')
          FROM unnest(x.indkey::int[]) WITH ORDINALITY AS k(number, place)
          LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number AND k.number > 0
          WHERE place <= x.indnkeyatts ORDER BY place),
    coalesce(pg_get_expr(x.indpred, x.indrelid), ''),
    coalesce(array_to_string(ARRAY(SELECT opcname FROM unnest(x.indclass) o JOIN pg_opclass p ON p.oid = o), ' '), '')
FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname, i.relname
