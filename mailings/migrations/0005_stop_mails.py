from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0004_wait_by_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='MailStop',
            fields=[
                ('recipient', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=Now())),
            ],
            options={
                'db_table': 'mail_stops',
                'default_permissions': (),
                'indexes': [models.Index(fields=['created_at'], name='mail_stops_created')],
            },
        ),
    ]
