"""Which score each area of a finished run has, counted like its total: so that areas can be compared too."""

from importlib import import_module

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

BEFORE = import_module("assessments.migrations.0015_record_variants").WITH_EXPERIMENTS
WITH_AREAS = BEFORE.replace(
    "AS $$",
    """AS $$
    SELECT 'area', left(area.key, 255), '', area.value::integer
    FROM jsonb_each_text(run.score_breakdown) AS area (key, value)
    WHERE run.completed_at IS NOT NULL
    UNION ALL""",
)


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0015_record_variants'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='assessment',
            name='count_change',
        ),
        migrations.RunSQL(WITH_AREAS, BEFORE),
        migrations.AlterField(
            model_name='dailyfigure',
            name='figure',
            field=models.CharField(choices=[('started', 'Started'), ('score', 'Score'), ('area', 'Score of an area'), ('seconds', 'Time to finish'), ('quality', 'Lead quality'), ('sync', 'Delivery to HubSpot'), ('answer', 'Answer'), ('left', 'Left unfinished'), ('referrer', 'Coming from'), ('utm_source', 'Campaign source'), ('utm_medium', 'Campaign medium'), ('utm_campaign', 'Campaign'), ('variant', 'Variant'), ('experiment', 'Experiment')], max_length=20),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='count_change', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."ab_test_variant" IS DISTINCT FROM (NEW."ab_test_variant") OR OLD."completed_at" IS DISTINCT FROM (NEW."completed_at") OR OLD."completion_time_seconds" IS DISTINCT FROM (NEW."completion_time_seconds") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."hubspot_sync_status" IS DISTINCT FROM (NEW."hubspot_sync_status") OR OLD."lead_quality" IS DISTINCT FROM (NEW."lead_quality") OR OLD."qualified_for_briefing" IS DISTINCT FROM (NEW."qualified_for_briefing") OR OLD."referrer_source" IS DISTINCT FROM (NEW."referrer_source") OR OLD."score_breakdown" IS DISTINCT FROM (NEW."score_breakdown") OR OLD."score_category" IS DISTINCT FROM (NEW."score_category") OR OLD."total_score" IS DISTINCT FROM (NEW."total_score") OR OLD."utm" IS DISTINCT FROM (NEW."utm") OR OLD."variants" IS DISTINCT FROM (NEW."variants"))', func="\nINSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)\nSELECT day, version_id, figure, name, part, number, sum(runs) FROM (\n    SELECT (NEW.created_at AT TIME ZONE 'UTC')::date AS day, NEW.version_id AS version_id, now_in.*, 1 AS runs\n    FROM figures_of_run(NEW) AS now_in\n    UNION ALL\n    SELECT (OLD.created_at AT TIME ZONE 'UTC')::date, OLD.version_id, was_in.*, -1\n    FROM figures_of_run(OLD) AS was_in\n) AS moved\nGROUP BY day, version_id, figure, name, part, number\nHAVING sum(runs) <> 0;\nRETURN NULL;\n", hash='790d829215780e6d041a5e50f6a713a649f2f2b5', operation='UPDATE', pgid='pgtrigger_count_change_4f513', table='assessments', when='AFTER')),
        ),
    ]
