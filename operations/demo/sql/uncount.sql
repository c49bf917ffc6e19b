-- Take assessments of demonstration data out of the figures again, with their answers and where they left.
--
-- ids   the assessments

INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT day, version_id, figure, name, part, number, -count(*) FROM (
    SELECT (run.created_at AT TIME ZONE 'UTC')::date AS day, run.version_id, cell.*
    FROM assessments AS run CROSS JOIN LATERAL (
        SELECT * FROM figures_of_run(run)
        UNION ALL
        SELECT 'answer', given.question_key, left(coalesce(given.value ->> 'selectedOptionId', ''), 100), 0
        FROM responses AS given WHERE given.assessment_id = run.id AND run.doubts = '{}'
        UNION ALL
        SELECT 'left', '', '', run.last_step WHERE run.last_step IS NOT NULL AND run.doubts = '{}'
    ) AS cell
    WHERE run.id = ANY(%(ids)s::uuid[])
) AS counted
GROUP BY day, version_id, figure, name, part, number
