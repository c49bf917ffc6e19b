"""Database triggers that update the daily figures in the transaction that changes an assessment.

`figures_of_run` (a database function, from the migrations) returns the cells of `daily_figures` in which an
assessment counts: only `marked` for one with doubts, which is in no other figure. Deleting an assessment
changes nothing, so a purge changes no chart.
"""

import pgtrigger

# Not `utm`: it is set at the start, and a scrub that clears it must not move the assessment elsewhere.
COUNTED = (
    "created_at",
    "completed_at",
    "score_category",
    "total_score",
    "completion_time_seconds",
    "lead_quality",
    "qualified_for_briefing",
    "contact_depth",
    "doubts",
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
IF (NEW.doubts = '{}') <> (OLD.doubts = '{}') THEN
    INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
    SELECT (NEW.created_at AT TIME ZONE 'UTC')::date, NEW.version_id, 'answer', given.question_key,
           left(coalesce(given.value ->> 'selectedOptionId', ''), 100), 0,
           CASE WHEN NEW.doubts = '{}' THEN 1 ELSE -1 END
    FROM responses AS given WHERE given.assessment_id = NEW.id;
END IF;
RETURN NULL;
"""

COUNT_ANSWERS = """
INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id, 'answer',
       fresh.question_key, left(coalesce(fresh.value ->> 'selectedOptionId', ''), 100), 0, count(*)
FROM fresh JOIN assessments AS run ON run.id = fresh.assessment_id
WHERE run.doubts = '{}'
GROUP BY 1, 2, 4, 5;
RETURN NULL;
"""


class CountStart(pgtrigger.Trigger):
    name = "count_start"
    when = pgtrigger.After
    operation = pgtrigger.Insert
    func = COUNT_START


class CountChange(pgtrigger.Trigger):
    """Fires only when a counted column changes: a scrub of a million rows recounts nothing."""

    name = "count_change"
    when = pgtrigger.After
    operation = pgtrigger.Update
    condition = pgtrigger.AnyChange(*COUNTED)
    func = COUNT_CHANGE


class CountAnswers(pgtrigger.Trigger):
    """Fires once per statement. An answer without an option counts as answered, never by its text."""

    name = "count_answers"
    level = pgtrigger.Statement
    when = pgtrigger.After
    operation = pgtrigger.Insert
    referencing = pgtrigger.Referencing(new="fresh")  # type: ignore[no-untyped-call]  # pgtrigger's own
    func = COUNT_ANSWERS
