"""Count marked assessments apart, contact details by depth, and deliveries of unfinished leads.

What was counted before is moved for assessments whose days are still apart. Months that are merged already
stay as they are: taking somebody out of them would point to one person.
"""

from importlib import import_module

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

BEFORE = import_module("assessments.migrations.0016_count_scores_of_areas").WITH_AREAS
FIGURES_OF_RUN = """
CREATE OR REPLACE FUNCTION figures_of_run(run assessments)
RETURNS TABLE (figure text, name text, part text, number integer) LANGUAGE sql STABLE AS $$
    SELECT 'marked', run.doubts[1]::text, '', 0 WHERE run.doubts <> '{}'
    UNION ALL
    SELECT counted.* FROM (
        SELECT 'started', '', '', 0
        UNION ALL
        SELECT 'area', left(area.key, 255), '', area.value::integer
        FROM jsonb_each_text(run.score_breakdown) AS area (key, value)
        WHERE run.completed_at IS NOT NULL
        UNION ALL
        SELECT 'score', run.score_category, '', run.total_score
        WHERE run.completed_at IS NOT NULL
        UNION ALL
        SELECT 'seconds', run.score_category, '', run.completion_time_seconds
        WHERE run.completed_at IS NOT NULL AND run.completion_time_seconds IS NOT NULL
        UNION ALL
        SELECT 'quality', coalesce(run.lead_quality, ''),
               CASE WHEN run.qualified_for_briefing THEN 'briefing' ELSE '' END, run.total_score
        WHERE run.completed_at IS NOT NULL
        UNION ALL
        SELECT 'contact', '', '', run.contact_depth::integer
        WHERE run.completed_at IS NOT NULL AND run.contact_depth > 0
        UNION ALL
        SELECT 'sync', run.hubspot_sync_status, '', 0
        WHERE run.completed_at IS NOT NULL AND run.lead_quality IS NOT NULL
        UNION ALL
        SELECT 'sync', run.hubspot_sync_status, 'unfinished', 0
        WHERE run.completed_at IS NULL AND run.hubspot_sync_status IN ('synced', 'failed')
        UNION ALL
        SELECT origin.figure, left(origin.name, 255), state.part, 0
        FROM (VALUES ('referrer', run.referrer_source::text),
                     ('utm_source', run.utm ->> 'utm_source'),
                     ('utm_medium', run.utm ->> 'utm_medium'),
                     ('utm_campaign', run.utm ->> 'utm_campaign'),
                     ('variant', run.ab_test_variant::text)) AS origin (figure, name)
        CROSS JOIN (VALUES ('started'),
                           (CASE WHEN run.completed_at IS NOT NULL
                                 THEN coalesce(run.lead_quality, 'unknown') END)) AS state (part)
        WHERE origin.name <> '' AND state.part IS NOT NULL
        UNION ALL
        SELECT 'experiment', left(tried.key || ':' || tried.value, 255), state.part, 0
        FROM jsonb_each_text(run.variants) AS tried (key, value)
        CROSS JOIN (VALUES ('started'),
                           (CASE WHEN run.completed_at IS NOT NULL
                                 THEN coalesce(run.lead_quality, 'unknown') END)) AS state (part)
        WHERE state.part IS NOT NULL
    ) AS counted (figure, name, part, number)
    WHERE run.doubts = '{}'
$$
"""
MOVE_MARKED = """
INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT day, version_id, figure, name, part, number, sum(runs) FROM (
    SELECT (run.created_at AT TIME ZONE 'UTC')::date AS day, run.version_id, moved.*
    FROM assessments AS run CROSS JOIN LATERAL (
        SELECT now_in.*, 1 AS runs FROM figures_of_run(run) AS now_in
        UNION ALL
        SELECT was_in.*, -1 FROM figures_of_run_before(run) AS was_in
        UNION ALL
        SELECT 'answer', given.question_key, left(coalesce(given.value ->> 'selectedOptionId', ''), 100), 0, -1
        FROM responses AS given WHERE given.assessment_id = run.id AND run.doubts <> '{}'
    ) AS moved
    WHERE run.doubts <> '{}' OR (run.completed_at IS NULL AND run.hubspot_sync_status IN ('synced', 'failed'))
) AS found
WHERE day > coalesce((SELECT max(day) FROM daily_figures WHERE first_day IS NOT NULL), '-infinity')
GROUP BY 1, 2, 3, 4, 5, 6
HAVING sum(runs) <> 0
"""
TEMPORARY = BEFORE.replace("figures_of_run", "figures_of_run_before")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0027_note_ended_sessions")]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="contact_depth",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(FIGURES_OF_RUN, BEFORE),
        migrations.RunSQL(TEMPORARY, migrations.RunSQL.noop),
        migrations.RunSQL(MOVE_MARKED, migrations.RunSQL.noop),
        migrations.RunSQL("DROP FUNCTION figures_of_run_before(assessments)", migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name='assessment',
            name='count_change',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='response',
            name='count_answers',
        ),
        migrations.AlterField(
            model_name='dailyfigure',
            name='figure',
            field=models.CharField(choices=[('started', 'Started'), ('score', 'Score'), ('area', 'Score of an area'), ('seconds', 'Time to finish'), ('quality', 'Lead quality'), ('contact', 'Contact details'), ('sync', 'Delivery to HubSpot'), ('answer', 'Answer'), ('left', 'Left unfinished'), ('referrer', 'Coming from'), ('utm_source', 'Campaign source'), ('utm_medium', 'Campaign medium'), ('utm_campaign', 'Campaign'), ('variant', 'Variant'), ('experiment', 'Experiment'), ('marked', 'Marked as doubtful or as a test')], max_length=20),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='count_change', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."ab_test_variant" IS DISTINCT FROM (NEW."ab_test_variant") OR OLD."completed_at" IS DISTINCT FROM (NEW."completed_at") OR OLD."completion_time_seconds" IS DISTINCT FROM (NEW."completion_time_seconds") OR OLD."contact_depth" IS DISTINCT FROM (NEW."contact_depth") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."doubts" IS DISTINCT FROM (NEW."doubts") OR OLD."hubspot_sync_status" IS DISTINCT FROM (NEW."hubspot_sync_status") OR OLD."lead_quality" IS DISTINCT FROM (NEW."lead_quality") OR OLD."qualified_for_briefing" IS DISTINCT FROM (NEW."qualified_for_briefing") OR OLD."referrer_source" IS DISTINCT FROM (NEW."referrer_source") OR OLD."score_category" IS DISTINCT FROM (NEW."score_category") OR OLD."total_score" IS DISTINCT FROM (NEW."total_score") OR OLD."variants" IS DISTINCT FROM (NEW."variants"))', func="\nINSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)\nSELECT day, version_id, figure, name, part, number, sum(runs) FROM (\n    SELECT (NEW.created_at AT TIME ZONE 'UTC')::date AS day, NEW.version_id AS version_id, now_in.*, 1 AS runs\n    FROM figures_of_run(NEW) AS now_in\n    UNION ALL\n    SELECT (OLD.created_at AT TIME ZONE 'UTC')::date, OLD.version_id, was_in.*, -1\n    FROM figures_of_run(OLD) AS was_in\n) AS moved\nGROUP BY day, version_id, figure, name, part, number\nHAVING sum(runs) <> 0;\nIF (NEW.doubts = '{}') <> (OLD.doubts = '{}') THEN\n    INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)\n    SELECT (NEW.created_at AT TIME ZONE 'UTC')::date, NEW.version_id, 'answer', given.question_key,\n           left(coalesce(given.value ->> 'selectedOptionId', ''), 100), 0,\n           CASE WHEN NEW.doubts = '{}' THEN 1 ELSE -1 END\n    FROM responses AS given WHERE given.assessment_id = NEW.id;\nEND IF;\nRETURN NULL;\n", hash='965456a6dd822ea1534439eed7479f9842933608', operation='UPDATE', pgid='pgtrigger_count_change_4f513', table='assessments', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='response',
            trigger=pgtrigger.compiler.Trigger(name='count_answers', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)\nSELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id, 'answer',\n       fresh.question_key, left(coalesce(fresh.value ->> 'selectedOptionId', ''), 100), 0, count(*)\nFROM fresh JOIN assessments AS run ON run.id = fresh.assessment_id\nWHERE run.doubts = '{}'\nGROUP BY 1, 2, 4, 5;\nRETURN NULL;\n", hash='4227c69232d47ed9827d79c80ff610057f9fdbf4', level='STATEMENT', operation='INSERT', pgid='pgtrigger_count_answers_1962f', referencing='REFERENCING NEW TABLE AS fresh ', table='responses', when='AFTER')),
        ),
    ]
