-- Count a new assessment: body of a trigger after each INSERT into assessments.
--
-- NEW  the assessment
--
-- Result: one row of daily_figures for each figure in which it counts.
INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT (NEW.created_at AT TIME ZONE 'UTC')::date, NEW.version_id, figure, name, part, number, 1
FROM figures_of_run(NEW);
RETURN NULL;
