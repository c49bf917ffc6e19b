from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("leads", "0009_index_outcomes")]

    operations = [
        AddIndexConcurrently(
            "leadwork",
            models.Index(
                fields=["owned_at"], name="lead_work_owned", condition=models.Q(owner__isnull=False)
            ),
        )
    ]
