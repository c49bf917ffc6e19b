from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hubspot_sync", "0009_erase_by_account")]
    operations = [
        migrations.AddField(
            model_name="syncattempt",
            name="trace_id",
            field=models.CharField(blank=True, db_default="", max_length=32),
        )
    ]
