"""Drop the index by which a session key could be searched with LIKE: no statement does, every save writes it."""

from django.db import migrations

NAME = "assessment_sessions_session_id_13838c1b_like"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0032_mark_details_of_proofs")]

    operations = [
        migrations.RunSQL(
            f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
            f"CREATE INDEX CONCURRENTLY {NAME} ON assessment_sessions (session_id varchar_pattern_ops)",
        )
    ]
