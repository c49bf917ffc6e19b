from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

KINDS = ["result", "privacy_link", "resume", "confirmation", "password_reset"]
CHOICES = [
    ("result", "Result"),
    ("privacy_link", "Privacy link"),
    ("resume", "Link to continue"),
    ("confirmation", "Confirmation of news and offers"),
    ("password_reset", "New password for staff"),
]


class Migration(migrations.Migration):
    dependencies = [("mailings", "0006_confirm_marketing")]

    operations = [
        migrations.RemoveConstraint(model_name="mail", name="mail_queue_kind"),
        migrations.AlterField("mail", "kind", models.CharField(choices=CHOICES, max_length=20)),
        AddConstraintNotValid(
            "mail", models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="mail_queue_kind")
        ),
    ]
