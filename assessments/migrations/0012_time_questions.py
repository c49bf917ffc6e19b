from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0011_note_the_language'),
    ]

    operations = [
        migrations.AddField(
            model_name='assessmentsession',
            name='time_spent',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
    ]
