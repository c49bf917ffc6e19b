"""Hold when somebody wants to be called, which the scrub finds and clears like all contact details."""

import encryption.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0035_name_the_count_of_figures'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='assessment',
            name='assessments_scrub',
        ),
        migrations.AddField(
            model_name='assessment',
            name='call_time',
            field=encryption.fields.EncryptedTextField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(condition=models.Q(('email__isnull', False), ('first_name__isnull', False), ('last_name__isnull', False), ('company__isnull', False), ('phone__isnull', False), ('call_time__isnull', False), ('hubspot_contact_id__isnull', False), ('hubspot_deal_id__isnull', False), ('hubspot_address_hash__isnull', False), ('ip_address_hash__isnull', False), _connector='OR'), fields=['created_at', 'id'], name='assessments_scrub'),
        ),
    ]
