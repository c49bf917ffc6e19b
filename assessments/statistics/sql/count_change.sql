-- Take a changed assessment out of the figures it was in, and count it in those it is in now: body of a trigger
-- after each UPDATE of assessments that changes a counted column.
--
-- OLD, NEW  the assessment before and after
--
-- Result: rows of daily_figures, those withdrawn with a negative count. When a mark comes or goes, its answers
-- are withdrawn or counted as well; not when it comes with the answers, in the statement that submits them.
INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT day, version_id, figure, name, part, number, sum(runs) FROM (
    SELECT (NEW.created_at AT TIME ZONE 'UTC')::date AS day, NEW.version_id AS version_id, now_in.*, 1 AS runs
    FROM figures_of_run(NEW) AS now_in
    UNION ALL
    SELECT (OLD.created_at AT TIME ZONE 'UTC')::date, OLD.version_id, was_in.*, -1
    FROM figures_of_run(OLD) AS was_in
) AS moved
GROUP BY day, version_id, figure, name, part, number
HAVING sum(runs) <> 0;
IF (NEW.doubts = '{}') <> (OLD.doubts = '{}') AND (NEW.completed_at IS NULL) = (OLD.completed_at IS NULL) THEN
    INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
    SELECT (NEW.created_at AT TIME ZONE 'UTC')::date, NEW.version_id, counted.figure, given.question_key,
           counted.part, counted.number, CASE WHEN NEW.doubts = '{}' THEN 1 ELSE -1 END
    FROM responses AS given CROSS JOIN LATERAL figures_of_answer(given.value) AS counted
    WHERE given.assessment_id = NEW.id;
END IF;
RETURN NULL;
