"""Where days were merged into one time bucket, say so: `first_day` is its first one, `day` its last.

Days that were merged before are whole months, under their last day, that begin after the bucket before them.
"""

from django.db import migrations, models

NOTE_MERGED_MONTHS = """
WITH days AS (
    SELECT day, lag(day) OVER (ORDER BY day) AS before
    FROM (SELECT DISTINCT day FROM daily_figures) AS counted
)
UPDATE daily_figures
SET first_day = coalesce(days.before + 1, date_trunc('month', days.day)::date)
FROM days
WHERE daily_figures.day = days.day
  AND days.day < current_date - 30
  AND days.day = (date_trunc('month', days.day) + interval '1 month - 1 day')::date
  AND (days.before IS NULL OR days.before < date_trunc('month', days.day))
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0021_rename_links")]

    operations = [
        migrations.AddField(
            model_name="dailyfigure", name="first_day", field=models.DateField(null=True)
        ),
        migrations.RunSQL(NOTE_MERGED_MONTHS, migrations.RunSQL.noop),
    ]
