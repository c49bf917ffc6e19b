-- Every foreign key of the schema, by the tables it connects.
-- Arguments: none.
-- Result: child table, child column, whether the column takes NULL, parent table, parent column; only keys of one
-- column, as Django makes them.
SELECT child.relname, child_column.attname, NOT child_column.attnotnull, parent.relname, parent_column.attname
FROM pg_constraint AS key
JOIN pg_class AS child ON child.oid = key.conrelid
JOIN pg_class AS parent ON parent.oid = key.confrelid
JOIN pg_attribute AS child_column ON child_column.attrelid = child.oid AND child_column.attnum = key.conkey[1]
JOIN pg_attribute AS parent_column ON parent_column.attrelid = parent.oid AND parent_column.attnum = key.confkey[1]
WHERE key.contype = 'f' AND child.relnamespace = current_schema()::regnamespace
ORDER BY child.relname, child_column.attname
