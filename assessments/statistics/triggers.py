"""Triggers that count: whoever changes a run, the figures change in the same transaction.

`figures_of_run` (a function of the database, from the migrations) says in which cells of `daily_figures` a
run counts. Nothing happens when a run is deleted: a purge changes no chart.
"""

import pgtrigger

# Not `utm`: it is set at the start, and when the scrub empties it the run stays counted where it came from.
COUNTED = (
    "created_at",
    "completed_at",
    "score_category",
    "total_score",
    "completion_time_seconds",
    "lead_quality",
    "qualified_for_briefing",
    "hubspot_sync_status",
    "referrer_source",
    "ab_test_variant",
    "variants",
)

COUNT_START = """
INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT (NEW.created_at AT TIME ZONE 'UTC')::date, NEW.version_id, figure, name, part, number, 1
FROM figures_of_run(NEW);
RETURN NULL;
"""

COUNT_CHANGE = """
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
RETURN NULL;
"""

COUNT_ANSWERS = """
INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id, 'answer',
       fresh.question_key, left(coalesce(fresh.value ->> 'selectedOptionId', ''), 100), 0, count(*)
FROM fresh JOIN assessments AS run ON run.id = fresh.assessment_id
GROUP BY 1, 2, 4, 5;
RETURN NULL;
"""


class CountStart(pgtrigger.Trigger):
    name = "count_start"
    when = pgtrigger.After
    operation = pgtrigger.Insert
    func = COUNT_START


class CountChange(pgtrigger.Trigger):
    """Only for a change of what is counted: a scrub of a million rows counts nothing anew."""

    name = "count_change"
    when = pgtrigger.After
    operation = pgtrigger.Update
    condition = pgtrigger.AnyChange(*COUNTED)
    func = COUNT_CHANGE


class CountAnswers(pgtrigger.Trigger):
    """Once for all answers of a statement. One without an option counts as answered, never by its words."""

    name = "count_answers"
    level = pgtrigger.Statement
    when = pgtrigger.After
    operation = pgtrigger.Insert
    referencing = pgtrigger.Referencing(new="fresh")  # type: ignore[no-untyped-call]  # pgtrigger's own
    func = COUNT_ANSWERS
