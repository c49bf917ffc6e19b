from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0043_invite_colleagues")]

    operations = [
        AddIndexConcurrently(
            "assessment",
            models.Index(
                fields=["-qualified_for_briefing", "-lead_quality", "total_score", "-completed_at", "-id"],
                name="assessments_calls",
                condition=models.Q(
                    completed_at__isnull=False, lead_quality__isnull=False, email_scrubbed_at__isnull=True
                ),
            ),
        )
    ]
