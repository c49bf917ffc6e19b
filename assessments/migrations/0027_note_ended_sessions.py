from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0026_own_hubspot_contacts")]

    operations = [
        migrations.AddField(
            model_name="assessmentsession",
            name="announced_at",
            field=models.DateTimeField(null=True),
        ),
    ]
