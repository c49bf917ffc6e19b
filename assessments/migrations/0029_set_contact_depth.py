"""Say of each lead how far its contact details go; the trigger counts them.

In batches, so that no lead is locked for long; interrupted, the next run completes the work. Of scrubbed leads
only what their quality implies is known: with a total of 60 or more, a briefing takes every field.
"""

from typing import Any

from django.db import migrations

SET_DEPTH = """
UPDATE assessments SET contact_depth = CASE
    WHEN email IS NULL AND lead_quality = 'enhanced' THEN 3
    WHEN email IS NULL AND lead_quality = 'executive_briefing_qualified' AND total_score >= 60 THEN 4
    WHEN email IS NULL OR (first_name IS NULL AND last_name IS NULL) THEN 1
    WHEN company IS NULL THEN 2
    WHEN phone IS NULL THEN 3
    ELSE 4 END
WHERE id IN (
    SELECT id FROM assessments
    WHERE contact_depth = 0 AND completed_at IS NOT NULL AND lead_quality IS NOT NULL
    LIMIT 5000 FOR UPDATE SKIP LOCKED
)
"""


def set_depth(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SET_DEPTH)
        while cursor.rowcount > 0:
            cursor.execute(SET_DEPTH)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0028_leave_marked_assessments_out")]

    operations = [migrations.RunPython(set_depth, migrations.RunPython.noop)]
