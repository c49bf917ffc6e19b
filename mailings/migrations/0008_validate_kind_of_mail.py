from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mailings", "0007_reset_passwords")]

    operations = [ValidateConstraint("mail", "mail_queue_kind")]
