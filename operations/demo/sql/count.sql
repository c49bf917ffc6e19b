-- Count a batch in the figures at once, as the triggers count_start and count_answers do one by one.

INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id,
       cell.figure, cell.name, cell.part, cell.number, count(*)
FROM assessments AS run JOIN demo_runs USING (id) CROSS JOIN LATERAL figures_of_run(run) AS cell
GROUP BY 1, 2, 3, 4, 5, 6
UNION ALL
SELECT given.day, given.version_id, cell.figure, cell.question_key, cell.part, cell.number, sum(given.runs)
FROM (
    SELECT (run.created_at AT TIME ZONE 'UTC')::date AS day, run.version_id, place, count(*) AS runs
    FROM assessments AS run JOIN demo_runs USING (id) WHERE place IS NOT NULL GROUP BY 1, 2, 3
) AS given JOIN demo_cells AS cell USING (place)
GROUP BY 1, 2, 3, 4, 5, 6
