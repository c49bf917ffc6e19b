"""The table of figures, and triggers that keep it.

`figures_of_run` names every cell in which a run counts. It is one function, so that a start, a change and the
count of what is there already cannot differ.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

FIGURES_OF_RUN = """
CREATE FUNCTION figures_of_run(run assessments)
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


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0007_seal_contact_details'),
        ('scorecard', '0002_create_questionnaire_versions'),
    ]

    operations = [
        migrations.CreateModel(
            name='DailyFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('version', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='scorecard.questionnaireversion')),
                ('figure', models.CharField(choices=[('started', 'Started'), ('score', 'Score'), ('seconds', 'Time to finish'), ('quality', 'Lead quality'), ('sync', 'Delivery to HubSpot'), ('answer', 'Answer'), ('left', 'Left unfinished'), ('referrer', 'Coming from'), ('utm_source', 'Campaign source'), ('utm_medium', 'Campaign medium'), ('utm_campaign', 'Campaign'), ('variant', 'Variant')], max_length=20)),
                ('name', models.CharField(db_default='', max_length=255)),
                ('part', models.CharField(db_default='', max_length=100)),
                ('number', models.IntegerField(db_default=0)),
                ('runs', models.BigIntegerField()),
                ('summed', models.BooleanField(db_default=False)),
            ],
            options={
                'db_table': 'daily_figures',
            },
        ),
        migrations.RunSQL(FIGURES_OF_RUN, "DROP FUNCTION figures_of_run(assessments)"),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='count_start', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)\nSELECT (NEW.created_at AT TIME ZONE 'UTC')::date, NEW.version_id, figure, name, part, number, 1\nFROM figures_of_run(NEW);\nRETURN NULL;\n", hash='38a99fbd2a76b7497962ddb9a6e82e398a0c7292', operation='INSERT', pgid='pgtrigger_count_start_46832', table='assessments', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='count_change', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."ab_test_variant" IS DISTINCT FROM (NEW."ab_test_variant") OR OLD."completed_at" IS DISTINCT FROM (NEW."completed_at") OR OLD."completion_time_seconds" IS DISTINCT FROM (NEW."completion_time_seconds") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."hubspot_sync_status" IS DISTINCT FROM (NEW."hubspot_sync_status") OR OLD."lead_quality" IS DISTINCT FROM (NEW."lead_quality") OR OLD."qualified_for_briefing" IS DISTINCT FROM (NEW."qualified_for_briefing") OR OLD."referrer_source" IS DISTINCT FROM (NEW."referrer_source") OR OLD."score_category" IS DISTINCT FROM (NEW."score_category") OR OLD."total_score" IS DISTINCT FROM (NEW."total_score") OR OLD."utm" IS DISTINCT FROM (NEW."utm"))', func="\nINSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)\nSELECT day, version_id, figure, name, part, number, sum(runs) FROM (\n    SELECT (NEW.created_at AT TIME ZONE 'UTC')::date AS day, NEW.version_id AS version_id, now_in.*, 1 AS runs\n    FROM figures_of_run(NEW) AS now_in\n    UNION ALL\n    SELECT (OLD.created_at AT TIME ZONE 'UTC')::date, OLD.version_id, was_in.*, -1\n    FROM figures_of_run(OLD) AS was_in\n) AS moved\nGROUP BY day, version_id, figure, name, part, number\nHAVING sum(runs) <> 0;\nRETURN NULL;\n", hash='57633fb25a709fbce540f33e6c49b5cd9cf33332', operation='UPDATE', pgid='pgtrigger_count_change_4f513', table='assessments', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='response',
            trigger=pgtrigger.compiler.Trigger(name='count_answers', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nINSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)\nSELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id, 'answer',\n       fresh.question_key, left(coalesce(fresh.value ->> 'selectedOptionId', ''), 100), 0, count(*)\nFROM fresh JOIN assessments AS run ON run.id = fresh.assessment_id\nGROUP BY 1, 2, 4, 5;\nRETURN NULL;\n", hash='a6a548d60842763d965ab3319234a0f30e670c78', level='STATEMENT', operation='INSERT', pgid='pgtrigger_count_answers_1962f', referencing='REFERENCING NEW TABLE AS fresh ', table='responses', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='dailyfigure',
            index=models.Index(fields=['figure', 'day'], name='daily_figures_figure'),
        ),
        migrations.AddIndex(
            model_name='dailyfigure',
            index=models.Index(fields=['summed', 'day'], name='daily_figures_summed'),
        ),
    ]
