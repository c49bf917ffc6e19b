"""Which score each area of a finished run has, counted like its total: so that areas can be compared too."""

from importlib import import_module

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
        migrations.RunSQL(WITH_AREAS, BEFORE),
        migrations.AlterField(
            model_name='dailyfigure',
            name='figure',
            field=models.CharField(choices=[('started', 'Started'), ('score', 'Score'), ('area', 'Score of an area'), ('seconds', 'Time to finish'), ('quality', 'Lead quality'), ('sync', 'Delivery to HubSpot'), ('answer', 'Answer'), ('left', 'Left unfinished'), ('referrer', 'Coming from'), ('utm_source', 'Campaign source'), ('utm_medium', 'Campaign medium'), ('utm_campaign', 'Campaign'), ('variant', 'Variant'), ('experiment', 'Experiment')], max_length=20),
        ),
    ]
