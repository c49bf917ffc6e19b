"""Let the holder of a result ask colleagues, and hold averages of those who have answered."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0042_count_answers_as_proven'),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(max_length=64)),
                ('averages', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField()),
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='invitation', to='assessments.assessment')),
            ],
            options={
                'db_table': 'invitations',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='InvitedAssessment',
            fields=[
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='invited', serialize=False, to='assessments.assessment')),
                ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invited', to='assessments.invitation')),
            ],
            options={
                'db_table': 'invited_assessments',
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(fields=['expires_at'], name='invitations_expires'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(fields=('token_hash',), name='invitations_token'),
        ),
    ]
