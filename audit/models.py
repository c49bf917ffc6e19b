"""The system log: what jobs and commands did, as counts and times, without personal data."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models.functions import Now

from audit.words import message_in_words

RECORD_ONCE = (Path(__file__).parent / "sql/record_once.sql").read_text()


class SystemLogQuerySet(models.QuerySet["SystemLog"]):
    def record(self, event_type: str, message: str, **data: Any) -> "SystemLog":
        """Insert one record. `data` holds counts and settings; it must not contain personal data."""
        return self.create(event_type=event_type, message=message, data=data)

    def record_once(self, event_type: str, message: str, *, within: timedelta, **data: Any) -> bool:
        """Insert a record unless an equal one is younger than `within`; tell whether.

        One statement and no lock, for requests: two at once may both record.
        """
        with connection.cursor() as cursor:
            values: dict[str, Any] = {"event_type": event_type, "message": message, "within": within}
            cursor.execute(RECORD_ONCE, values | {"data": DjangoJSONEncoder().encode(data)})
            return bool(cursor.rowcount)


class SystemLog(models.Model):
    """One record of the system log. `data` is a JSON object of counts and settings."""

    event_type = models.CharField(max_length=50)
    message = models.TextField()
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(db_default=Now())

    objects = SystemLogQuerySet.as_manager()

    class Meta:
        db_table = "system_logs"
        ordering = ["-id"]
        indexes = [models.Index(fields=["event_type", "-created_at"], name="system_logs_latest")]

    def __str__(self) -> str:
        return f"{self.event_type}: {message_in_words(self.message)}"
