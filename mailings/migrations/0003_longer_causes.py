from django.db import migrations, models


class Migration(migrations.Migration):
    """The queue of mails is one of `queues.LeasedRow`: the same columns, causes as long as the others'."""

    dependencies = [
        ('mailings', '0002_mail_links_to_continue'),
    ]

    operations = [
        migrations.AlterField(
            model_name='mail',
            name='failure_cause',
            field=models.CharField(blank=True, db_default='', max_length=100),
        ),
    ]
