-- Expressions of indexes, which ANALYZE samples like columns.
--
-- Result: (table, a column that the index reads, index, place of the expression in it)
SELECT t.relname, c.attname, i.relname, e.attnum
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_attribute e ON e.attrelid = i.oid AND x.indkey[e.attnum - 1] = 0
JOIN pg_depend d ON d.objid = i.oid AND d.classid = 'pg_class'::regclass AND d.refobjid = t.oid
JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = d.refobjsubid
WHERE t.relnamespace = current_schema()::regnamespace AND coalesce(e.attstattarget, -1) <> 0
