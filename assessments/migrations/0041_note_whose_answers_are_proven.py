"""Whether the holder of a proven address also gave the answers, not only the contact details."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0040_update_sessions_in_place")]

    operations = [
        migrations.AddField(
            model_name="addressproof",
            name="covers_answers",
            field=models.BooleanField(db_default=False),
        ),
    ]
