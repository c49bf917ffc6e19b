"""Beat's scheduler: rows of django-celery-beat, without what makes its own scheduler lose or repeat a run.

Its own leaves out crontab jobs whose hour is far away, so a missed one is not caught up; overwrites at each
start what an operator changed; ends while PostgreSQL is away; and stands still after the clock is set back.
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
    """One periodic task: due when its time has passed since the last run, also while beat was away."""

    last_run_at: datetime

    def is_due(self) -> Any:
        """Celery's pair: due, seconds until the next check. Due too if the last run is in the future."""
        if self.last_run_at > self._default_now():
            self.last_run_at = datetime.fromtimestamp(0, self.app.timezone)
        return super().is_due()


class Scheduler(DatabaseScheduler):
    Entry = JobEntry
    _last_tick = 0.0

    def setup_schedule(self) -> None:
        """Read the rows; `migrate` wrote the defaults."""
        self._schedule: dict[str, JobEntry] = {}
        _ = self.schedule

    def enabled_models_qs(self) -> QuerySet[PeriodicTask]:
        """All enabled rows, whatever their hour."""
        return PeriodicTask.objects.filter(enabled=True).select_related(
            "interval", "crontab", "solar", "clocked"
        )

    def all_as_schedule(self) -> dict[str, JobEntry]:
        """The rows; what is in memory while PostgreSQL does not answer or has not stored the last runs."""
        try:
            if not self._dirty:
                found: dict[str, JobEntry] = super().all_as_schedule()
                return found
        except (DatabaseError, InterfaceError):
            logger.warning("The schedule cannot be read: beat goes on with the one it has")
        self._last_full_sync -= timedelta(hours=1)  # read again at the next tick
        return self._schedule

    def reserve(self, entry: JobEntry) -> JobEntry:
        """Note the run in memory too, for a schedule that cannot be read again."""
        new_entry: JobEntry = super().reserve(entry)
        self._schedule[new_entry.name] = new_entry
        return new_entry

    def sync(self) -> None:
        """Store the last runs; those that cannot be stored are kept for the next time."""
        try:
            close_old_connections()
            for name in list(self._dirty):
                self._store(self._schedule.get(name))
                self._dirty.discard(name)
        except (DatabaseError, InterfaceError):
            logger.warning("The last runs cannot be stored: beat tries again")

    def _store(self, entry: JobEntry | None) -> None:
        """Only these columns, and only of an enabled row: an operator may be changing it at this moment."""
        if entry:
            PeriodicTask.objects.filter(pk=entry.model.pk, enabled=True).update(
                last_run_at=entry.model.last_run_at, total_run_count=entry.model.total_run_count
            )

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Send what is due; seconds until the next tick. Plans anew when the clock was set back."""
        now = time.time()
        if now < self._last_tick:
            self._heap = None
        self._last_tick = now
        return super().tick(*args, **kwargs)
