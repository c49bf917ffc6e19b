from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations
from django.db.models import Index, Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0047_record_the_last_step")]

    operations = [
        AddIndexConcurrently(
            "dailyfigure",
            Index(
                fields=["figure", "day"],
                include=["first_day", "name", "number", "assessments"],
                name="daily_figures_period",
            ),
        ),
        AddIndexConcurrently(
            "dailyfigure",
            Index(
                fields=["day", "figure", "first_day"],
                name="daily_figures_merged",
                condition=Q(first_day__isnull=False),
            ),
        ),
        RemoveIndexConcurrently("dailyfigure", "daily_figures_figure"),
    ]
