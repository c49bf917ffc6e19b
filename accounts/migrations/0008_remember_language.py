from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_check_who_expires")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(db_default="en", default="en", editable=False, max_length=10),
        ),
    ]
