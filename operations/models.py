"""When a worker last ran a task: written by a task, so that it also proves broker and beat."""

from django.db import models
from django.db.models.functions import Now


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def record(self, name: str) -> None:
        """Set the heartbeat to the database's time. One statement."""
        self.bulk_create(
            [Heartbeat(name=name)],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["beat_at"],
        )


class Heartbeat(models.Model):
    name = models.CharField(primary_key=True, max_length=50)
    beat_at = models.DateTimeField(db_default=Now())

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        db_table = "heartbeats"

    def __str__(self) -> str:
        return self.name
