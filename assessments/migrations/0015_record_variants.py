"""Which variants a run drew, counted like its other origins: a run may draw several."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

BEFORE = """
CREATE OR REPLACE FUNCTION figures_of_run(run assessments)
RETURNS TABLE (figure text, name text, part text, number integer) LANGUAGE sql STABLE AS $$
    SELECT 'started', '', '', 0
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
    SELECT 'sync', run.hubspot_sync_status, '', 0
    WHERE run.completed_at IS NOT NULL AND run.lead_quality IS NOT NULL
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
$$
"""
WITH_EXPERIMENTS = BEFORE.replace(
    "state.part IS NOT NULL\n$$",
    """state.part IS NOT NULL
    UNION ALL
    SELECT 'experiment', left(tried.key || ':' || tried.value, 255), state.part, 0
    FROM jsonb_each_text(run.variants) AS tried (key, value)
    CROSS JOIN (VALUES ('started'),
                       (CASE WHEN run.completed_at IS NOT NULL
                             THEN coalesce(run.lead_quality, 'unknown') END)) AS state (part)
    WHERE state.part IS NOT NULL
$$""",
)


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0014_mark_doubtful_leads'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='assessment',
            name='count_change',
        ),
        migrations.AddField(
            model_name='assessment',
            name='variants',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.RunSQL(WITH_EXPERIMENTS, BEFORE),
        migrations.AlterField(
            model_name='dailyfigure',
            name='figure',
            field=models.CharField(choices=[('started', 'Started'), ('score', 'Score'), ('seconds', 'Time to finish'), ('quality', 'Lead quality'), ('sync', 'Delivery to HubSpot'), ('answer', 'Answer'), ('left', 'Left unfinished'), ('referrer', 'Coming from'), ('utm_source', 'Campaign source'), ('utm_medium', 'Campaign medium'), ('utm_campaign', 'Campaign'), ('variant', 'Variant'), ('experiment', 'Experiment')], max_length=20),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='count_change', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."ab_test_variant" IS DISTINCT FROM (NEW."ab_test_variant") OR OLD."completed_at" IS DISTINCT FROM (NEW."completed_at") OR OLD."completion_time_seconds" IS DISTINCT FROM (NEW."completion_time_seconds") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."hubspot_sync_status" IS DISTINCT FROM (NEW."hubspot_sync_status") OR OLD."lead_quality" IS DISTINCT FROM (NEW."lead_quality") OR OLD."qualified_for_briefing" IS DISTINCT FROM (NEW."qualified_for_briefing") OR OLD."referrer_source" IS DISTINCT FROM (NEW."referrer_source") OR OLD."score_category" IS DISTINCT FROM (NEW."score_category") OR OLD."total_score" IS DISTINCT FROM (NEW."total_score") OR OLD."utm" IS DISTINCT FROM (NEW."utm") OR OLD."variants" IS DISTINCT FROM (NEW."variants"))', func="\nINSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)\nSELECT day, version_id, figure, name, part, number, sum(runs) FROM (\n    SELECT (NEW.created_at AT TIME ZONE 'UTC')::date AS day, NEW.version_id AS version_id, now_in.*, 1 AS runs\n    FROM figures_of_run(NEW) AS now_in\n    UNION ALL\n    SELECT (OLD.created_at AT TIME ZONE 'UTC')::date, OLD.version_id, was_in.*, -1\n    FROM figures_of_run(OLD) AS was_in\n) AS moved\nGROUP BY day, version_id, figure, name, part, number\nHAVING sum(runs) <> 0;\nRETURN NULL;\n", hash='db1ef02e9185014ce96026550313226435307eb8', operation='UPDATE', pgid='pgtrigger_count_change_4f513', table='assessments', when='AFTER')),
        ),
    ]
