"""Let a save change a session where it lies (a HOT update), without a new entry in any index.

Every save changes `expires_at` and `last_activity`. From PostgreSQL 16 on a BRIN index does not stand in the
way of that. Who started where is limited in Redis: nothing reads the starts of a client.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations

# Room for the next version of each row, and a vacuum for what is deleted each day.
STORAGE = "fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0039_count_choices_and_numbers")]

    operations = [
        RemoveIndexConcurrently("assessmentsession", "sessions_expires"),
        RemoveIndexConcurrently("assessmentsession", "sessions_activity"),
        RemoveIndexConcurrently("assessmentsession", "sessions_ip_hash"),
        AddIndexConcurrently(
            "assessmentsession", BrinIndex(fields=["expires_at"], name="sessions_expiry", pages_per_range=16)
        ),
        migrations.RunSQL(
            "ALTER TABLE assessment_sessions SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, "
            "autovacuum_vacuum_insert_scale_factor = 0.05)",
            f"ALTER TABLE assessment_sessions RESET ({STORAGE})",
        ),
    ]
