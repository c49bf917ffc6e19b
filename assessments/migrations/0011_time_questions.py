from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0010_record_consents_and_erasures'),
    ]

    operations = [
        migrations.AddField(
            model_name='assessmentsession',
            name='time_spent',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
    ]
