-- Replace the rows of each cell of one day by their sum; cells that come to 0 leave no row.
--
-- day    the day whose rows are added together
-- batch  how many new rows one statement takes along (what was added together before is always taken)
--
-- Result: none. Locks only rows that nobody changes: events insert.
WITH gone AS (
    DELETE FROM daily_figures
    WHERE (summed AND day = %(day)s) OR id IN (
        SELECT id FROM daily_figures WHERE NOT summed AND day = %(day)s ORDER BY id LIMIT %(batch)s
    )
    RETURNING day, first_day, version_id, figure, name, part, number, runs
)
INSERT INTO daily_figures (day, first_day, version_id, figure, name, part, number, runs, summed)
SELECT day, min(first_day), version_id, figure, name, part, number, sum(runs), true
FROM gone GROUP BY day, version_id, figure, name, part, number HAVING sum(runs) <> 0
