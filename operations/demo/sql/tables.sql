-- Room for one batch: the sets of answers, and which assessment gave which (NULL: none).

DROP TABLE IF EXISTS demo_answers, demo_runs, demo_cells;
CREATE TEMP TABLE demo_answers (
    place integer, number integer, question_key text, value jsonb, seconds integer
) ON COMMIT DROP;
CREATE TEMP TABLE demo_runs (id uuid, place integer) ON COMMIT DROP
