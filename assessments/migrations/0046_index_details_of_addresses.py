from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0045_index_filters_of_leads")]

    operations = [
        AddIndexConcurrently(
            "addressproof",
            models.Index(
                fields=["address_hash"],
                name="address_proofs_details",
                condition=models.Q(covers_details=True),
            ),
        )
    ]
