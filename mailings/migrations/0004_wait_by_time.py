from django.db import migrations, models
from django.db.models.functions import Now

import encryption.fields


class Migration(migrations.Migration):
    """What mails need to wait by time, to be counted by recipient, and to stop when the server means us."""

    dependencies = [
        ('mailings', '0003_longer_causes'),
    ]

    operations = [
        migrations.AddField(
            model_name='mail',
            name='recipient',
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddField(
            model_name='mail',
            name='address',
            field=encryption.fields.EncryptedAddressField(null=True),
        ),
        migrations.AddField(
            model_name='mail',
            name='asked_with',
            field=models.CharField(blank=True, db_default='', max_length=100),
        ),
        migrations.AddField(
            model_name='mail',
            name='tried_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='mail',
            name='refused_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='mail',
            name='status',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('leased', 'On its way'), ('sent', 'Sent'), ('failed', 'Needs a person'), ('cancelled', 'Not sent')], db_default='waiting', max_length=20),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(fields=['recipient', 'created_at'], name='mail_queue_recipient'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['sent_at'], name='mail_queue_sent'),
        ),
        migrations.CreateModel(
            name='MailLine',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('cause', models.CharField(max_length=100)),
                ('held_until', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=Now())),
            ],
            options={
                'db_table': 'mail_line',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='mail_line_one_row')],
            },
        ),
    ]
