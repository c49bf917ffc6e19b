from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0036_ask_for_a_call")]

    operations = [
        AddIndexConcurrently(
            "assessment",
            models.Index(
                fields=["-qualified_for_briefing", "-completed_at", "-id"],
                name="assessments_leads",
                condition=models.Q(completed_at__isnull=False, lead_quality__isnull=False),
            ),
        )
    ]
