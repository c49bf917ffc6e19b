-- The figures in which each set of answers counts, once and not for each who gave them.

CREATE TEMP TABLE demo_cells ON COMMIT DROP AS
    SELECT place, cell.figure, question_key, cell.part, cell.number
    FROM demo_answers CROSS JOIN LATERAL figures_of_answer(value) AS cell;
ANALYZE demo_cells, demo_runs, demo_answers
