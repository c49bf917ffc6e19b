"""A scheduler over django-celery-beat's rows that neither loses nor repeats a run.

Its DatabaseScheduler skips crontab tasks whose hour is far away, so missed runs are not caught up; overwrites
an operator's changes at each start; exits during an outage of PostgreSQL; and stalls after the clock is set
back.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.db.models import QuerySet
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry

logger = logging.getLogger(__name__)


class JobEntry(ModelEntry):
    """One periodic task, due if its time has passed since the last run, including while beat was down."""

    last_run_at: datetime

    def is_due(self) -> Any:
        """(due, seconds until the next check). Also due if the last run is in the future."""
        if self.last_run_at > self._default_now():
            self.last_run_at = datetime.fromtimestamp(0, self.app.timezone)
        return super().is_due()


class Scheduler(DatabaseScheduler):
    Entry = JobEntry
    _last_tick = 0.0

    def setup_schedule(self) -> None:
        """Load the rows; the defaults are written by `migrate`."""
        self._schedule: dict[str, JobEntry] = {}
        _ = self.schedule

    def enabled_models_qs(self) -> QuerySet[PeriodicTask]:
        """All enabled rows, regardless of their hour."""
        return PeriodicTask.objects.filter(enabled=True).select_related(
            "interval", "crontab", "solar", "clocked"
        )

    def all_as_schedule(self) -> dict[str, JobEntry]:
        """The rows; the copy in memory while PostgreSQL is unavailable or last runs are still unsaved."""
        try:
            if not self._dirty:
                found: dict[str, JobEntry] = super().all_as_schedule()
                return found
        except (DatabaseError, InterfaceError):
            logger.warning("The schedule cannot be read: beat goes on with the one it has")
        self._last_full_sync -= timedelta(hours=1)  # reload at the next tick
        return self._schedule

    def reserve(self, entry: JobEntry) -> JobEntry:
        """Also record the run in memory, in case the schedule cannot be reloaded."""
        new_entry: JobEntry = super().reserve(entry)
        self._schedule[new_entry.name] = new_entry
        return new_entry

    def sync(self) -> None:
        """Save the last runs; those that fail are retried at the next sync."""
        try:
            close_old_connections()
            for name in list(self._dirty):
                self._store(self._schedule.get(name))
                self._dirty.discard(name)
        except (DatabaseError, InterfaceError):
            logger.warning("The last runs cannot be stored: beat tries again")

    def _store(self, entry: JobEntry | None) -> None:
        """Update only these columns, and only of an enabled row: an operator may be editing it."""
        if entry:
            PeriodicTask.objects.filter(pk=entry.model.pk, enabled=True).update(
                last_run_at=entry.model.last_run_at, total_run_count=entry.model.total_run_count
            )

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Send due tasks; returns seconds until the next tick. Rebuilds the heap after a clock reset."""
        now = time.time()
        if now < self._last_tick:
            self._heap = None
        self._last_tick = now
        return super().tick(*args, **kwargs)
