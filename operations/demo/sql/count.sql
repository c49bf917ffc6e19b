-- Count assessments in the figures at once, as the trigger count_start does one by one.
--
-- ids   the assessments

INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id,
       cell.figure, cell.name, cell.part, cell.number, count(*)
FROM assessments AS run CROSS JOIN LATERAL figures_of_run(run) AS cell
WHERE run.id = ANY(%(ids)s::uuid[])
GROUP BY 1, 2, 3, 4, 5, 6
