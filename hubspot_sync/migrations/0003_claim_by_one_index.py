from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A leased row is due when its lease runs out: `next_retry_at` says so, one index finds all that is due."""

    dependencies = [
        ("assessments", "0004_index_whatever_is_personal"),
        ("hubspot_sync", "0002_add_history_and_reconciliation"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="syncqueueitem", name="sync_queue_leased_has_token"),
        migrations.RemoveIndex(model_name="syncqueueitem", name="sync_queue_due"),
        migrations.RemoveIndex(model_name="syncqueueitem", name="sync_queue_lease"),
        migrations.RunSQL(
            "UPDATE hubspot_sync_queue SET next_retry_at = lease_until WHERE status = 'leased'",
            "UPDATE hubspot_sync_queue SET lease_until = next_retry_at WHERE status = 'leased'",
        ),
        migrations.RemoveField(model_name="syncqueueitem", name="lease_until"),
        migrations.AddIndex(
            model_name="syncqueueitem",
            index=models.Index(
                fields=["next_retry_at", "created_at"],
                name="sync_queue_due",
                condition=Q(status__in=["waiting", "leased"]),
            ),
        ),
        migrations.AddConstraint(
            model_name="syncqueueitem",
            constraint=models.CheckConstraint(
                name="sync_queue_leased_has_token",
                condition=~Q(status="leased") | Q(lease_token__isnull=False),
            ),
        ),
    ]
