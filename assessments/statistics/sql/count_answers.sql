-- Count the answers of one INSERT into responses: body of a trigger after the statement.
--
-- fresh  the new rows
--
-- Result: a row of daily_figures for each question and option; none for marked assessments.
INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id, 'answer',
       fresh.question_key, left(coalesce(fresh.value ->> 'selectedOptionId', ''), 100), 0, count(*)
FROM fresh JOIN assessments AS run ON run.id = fresh.assessment_id
WHERE run.doubts = '{}'
GROUP BY 1, 2, 4, 5;
RETURN NULL;
