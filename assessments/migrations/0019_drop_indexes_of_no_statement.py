"""Figures are read from daily_figures: nothing reads a period of runs by score or quality any more.

Nor what waits to be mailed: that is a row of mail_queue.
"""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('assessments', '0018_keep_counts_without_campaign_links'),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name='assessment',
            name='assessments_analytics',
        ),
        RemoveIndexConcurrently(
            model_name='assessment',
            name='assessments_lead_quality',
        ),
        RemoveIndexConcurrently(
            model_name='assessment',
            name='assessments_email_delivery',
        ),
    ]
