"""Count the runs that were there before the triggers.

One statement sees one moment: it takes away what the triggers counted until then and counts all runs of that
same moment. Whatever is committed meanwhile is in neither and stays as its trigger wrote it, so nothing needs
a lock and doing it twice changes nothing.
"""

from django.db import migrations

COUNT_ALL = """
WITH before AS (DELETE FROM daily_figures)
INSERT INTO daily_figures (day, version_id, figure, name, part, number, runs)
SELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id, counted.figure, counted.name, counted.part,
       counted.number, count(*)
FROM assessments AS run, figures_of_run(run) AS counted
GROUP BY 1, 2, 3, 4, 5, 6
UNION ALL
SELECT (run.created_at AT TIME ZONE 'UTC')::date, run.version_id, 'answer', answer.question_key,
       left(coalesce(answer.value ->> 'selectedOptionId', ''), 100), 0, count(*)
FROM responses AS answer JOIN assessments AS run ON run.id = answer.assessment_id
GROUP BY 1, 2, 4, 5
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0008_count_by_day'),
    ]

    operations = [
        migrations.RunSQL(COUNT_ALL, migrations.RunSQL.noop),
    ]
