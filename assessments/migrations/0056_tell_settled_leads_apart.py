"""A state of its own for leads that a person settled without delivery; it was that of leads without e-mail."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("pending", "Waiting"),
    ("synced", "In HubSpot"),
    ("failed", "Needs a person"),
    ("skipped", "No e-mail"),
    ("held", "Held back: no consent"),
    ("settled", "Settled"),
]
NAME = "assessments_hubspot_sync_status"


class Migration(migrations.Migration):
    dependencies = [("assessments", "0055_narrow_the_index_of_calls")]

    operations = [
        migrations.RemoveConstraint("assessment", NAME),
        migrations.AlterField(
            "assessment",
            "hubspot_sync_status",
            models.CharField("HubSpot", max_length=50, choices=STATES, default="pending"),
        ),
        AddConstraintNotValid(
            "assessment",
            models.CheckConstraint(
                condition=Q(hubspot_sync_status__in=[state for state, _ in STATES]), name=NAME
            ),
        ),
    ]
