from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("leads", "0008_skip_search_pages_without_address")]

    operations = [
        AddIndexConcurrently(
            "leadwork",
            models.Index(fields=["outcome"], name="lead_work_outcomes", condition=~models.Q(outcome="")),
        )
    ]
