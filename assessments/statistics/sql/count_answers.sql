-- Count the answers of one INSERT into responses: body of a trigger after the statement.
--
-- fresh  the new rows
--
-- Result: rows of daily_figures, in the cells of figures_of_answer; none for marked assessments.
INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id, counted.figure,
       fresh.question_key, counted.part, counted.number, count(*)
FROM fresh JOIN assessments AS run ON run.id = fresh.assessment_id
CROSS JOIN LATERAL figures_of_answer(fresh.value) AS counted
WHERE run.doubts = '{}'
GROUP BY 1, 2, 3, 4, 5, 6;
RETURN NULL;
