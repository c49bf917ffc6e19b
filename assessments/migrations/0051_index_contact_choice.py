"""Find choices about being contacted in the order of the list, and what the scrub has to clear.

The old index of the scrub stays under another name until the new one is there.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations
from django.db.models import F, Index, Q

PERSONAL = (
    *("email", "first_name", "last_name", "company", "phone", "call_time", "contact_choice"),
    *("hubspot_contact_id", "hubspot_deal_id", "hubspot_address_hash", "ip_address_hash"),
)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0050_note_contact_choice")]

    operations = [
        AddIndexConcurrently(
            "assessment",
            Index(
                F("qualified_for_briefing").desc(),
                F("completed_at").desc(),
                F("id").desc(),
                F("contact_choice"),
                name="leads_by_consent",
                condition=Q(completed_at__isnull=False, lead_quality__isnull=False)
                & Q(email_scrubbed_at__isnull=True),
            ),
        ),
        migrations.RenameIndex("assessment", new_name="assessments_scrub_old", old_name="assessments_scrub"),
        AddIndexConcurrently(
            "assessment",
            Index(
                fields=["created_at", "id"],
                name="assessments_scrub",
                condition=Q(*((f"{column}__isnull", False) for column in PERSONAL), _connector="OR"),
            ),
        ),
        RemoveIndexConcurrently("assessment", "assessments_scrub_old"),
    ]
