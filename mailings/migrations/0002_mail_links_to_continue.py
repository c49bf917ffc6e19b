from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0012_link_to_runs'),
        ('mailings', '0001_create_mail_queue'),
    ]

    operations = [
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
