import encryption.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('hubspot_sync', '0004_queue_erasures'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='hubspoterasure',
            options={'default_permissions': ('view', 'change'), 'verbose_name': 'erasure in HubSpot'},
        ),
        migrations.AlterField(
            model_name='hubspoterasure',
            name='address',
            field=encryption.fields.EncryptedAddressField(null=True),
        ),
    ]
