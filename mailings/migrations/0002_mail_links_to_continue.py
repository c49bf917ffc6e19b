import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0013_link_to_runs'),
        ('mailings', '0001_create_mail_queue'),
    ]

    operations = [
        migrations.AddField(
            model_name='mail',
            name='link',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.runlink'),
        ),
        migrations.RemoveConstraint(
            model_name='mail',
            name='mail_queue_kind',
        ),
        migrations.AlterField(
            model_name='mail',
            name='kind',
            field=models.CharField(choices=[('result', 'Result'), ('privacy_link', 'Privacy link'), ('resume', 'Link to continue')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['result', 'privacy_link', 'resume'])), name='mail_queue_kind'),
        ),
    ]
