"""Failed log-ins, counted by keyed hash of an account, a network, a browser and the installation."""

from datetime import datetime, timedelta

from django.db import models

FORGOTTEN = timedelta(days=1)  # the count is reset this long after the last failure


class LoginFailures(models.Model):
    """The number of failed log-ins under one key, and until when further attempts are refused."""

    key = models.CharField(primary_key=True, max_length=64)
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField()
    paused_until = models.DateTimeField()

    class Meta:
        db_table = "login_failures"

    def __str__(self) -> str:
        return f"{self.failures} failures"

    def count_failure(self, now: datetime, pause: timedelta) -> None:
        self.failures = self.failures_at(now) + 1
        self.failed_at = now
        self.paused_until = now + pause

    def failures_at(self, now: datetime) -> int:
        return self.failures if now - self.failed_at < FORGOTTEN else 0
