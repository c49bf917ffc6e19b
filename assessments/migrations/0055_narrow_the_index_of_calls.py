"""Index leads that may be called with their choice, so that no row need be read; figures by part and version too.

Each old index stays under another name until the new one is there.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations
from django.db.models import Index, Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0054_stamp_responses_not_stamped")]

    operations = [
        migrations.RenameIndex("assessment", new_name="assessments_calls_old", old_name="assessments_calls"),
        AddIndexConcurrently(
            "assessment",
            Index(
                fields=["-qualified_for_briefing", "-lead_quality", "total_score", "-completed_at", "-id"],
                include=["contact_choice"],
                name="assessments_calls",
                condition=Q(
                    completed_at__isnull=False,
                    lead_quality__isnull=False,
                    email_scrubbed_at__isnull=True,
                    doubts=[],
                )
                & ~Q(hubspot_sync_status="settled"),
            ),
        ),
        RemoveIndexConcurrently("assessment", "assessments_calls_old"),
        migrations.RenameIndex(
            "dailyfigure", new_name="daily_figures_period_old", old_name="daily_figures_period"
        ),
        AddIndexConcurrently(
            "dailyfigure",
            Index(
                fields=["figure", "day"],
                include=["first_day", "name", "number", "assessments", "part", "version"],
                name="daily_figures_period",
            ),
        ),
        RemoveIndexConcurrently("dailyfigure", "daily_figures_period_old"),
    ]
