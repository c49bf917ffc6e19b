from django.db import migrations, models


class Migration(migrations.Migration):
    """New names in Python for the columns `outages` and `cause`, which stay: an old release runs on."""

    dependencies = [
        ('hubspot_sync', '0006_settle_erasures_by_hand'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField('hubspoterasure', 'outages', 'failures'),
                migrations.RenameField('hubspoterasure', 'cause', 'failure_cause'),
                migrations.AlterField(
                    model_name='hubspoterasure',
                    name='failures',
                    field=models.IntegerField(db_column='outages', db_default=0),
                ),
                migrations.AlterField(
                    model_name='hubspoterasure',
                    name='failure_cause',
                    field=models.CharField(blank=True, db_column='cause', db_default='', max_length=100),
                ),
            ],
        ),
    ]
