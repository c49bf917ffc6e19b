"""Count the areas of the runs that were there before, as long as they are not purged.

One statement sees one moment, as in 0009: it takes away what triggers counted until then and counts all runs of
that moment. Doing it twice changes nothing.
"""

from django.db import migrations

COUNT_AREAS = """
WITH before AS (DELETE FROM daily_figures WHERE figure = 'area')
INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id, 'area', left(area.key, 255), '',
       area.value::integer, count(*)
FROM assessments AS run, jsonb_each_text(run.score_breakdown) AS area (key, value)
WHERE run.completed_at IS NOT NULL
GROUP BY 1, 2, 4, 6
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0016_count_scores_of_areas'),
    ]

    operations = [
        migrations.RunSQL(COUNT_AREAS, "DELETE FROM daily_figures WHERE figure = 'area'"),
    ]
