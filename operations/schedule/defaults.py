"""The default schedule of config/celery.py as rows of django-celery-beat.

`migrate` syncs them and preserves an operator's changes: disabled rows, and schedules that differ from the
default recorded in the row's description. All other rows follow the code, and are deleted with their entry.
"""

from typing import Any

from celery import current_app
from celery.schedules import crontab, schedule
from django.apps import AppConfig
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask, PeriodicTasks

MARK = "Default: "  # prefix of the description of rows written here


def write_defaults(sender: AppConfig, **kwargs: Any) -> None:
    """Receiver of `post_migrate` of django-celery-beat. Idempotent."""
    stored = {
        task.name: task
        for task in PeriodicTask.objects.select_related("interval", "crontab", "solar", "clocked")
    }
    wanted = [default_task(name, job) for name, job in current_app.conf.beat_schedule.items()]
    changes = [write_task(task, stored.get(task.name)) for task in wanted]
    dropped = stored.keys() - {task.name for task in wanted}
    gone = [task.pk for name, task in stored.items() if name in dropped and task.description.startswith(MARK)]
    if gone:
        PeriodicTask.objects.filter(pk__in=gone).delete()
    if gone or any(changes):
        PeriodicTasks.update_changed()  # makes a running beat reload


def default_task(name: str, job: dict[str, Any]) -> PeriodicTask:
    """Build the unsaved row for an entry of `beat_schedule`, with its schedule."""
    every, expires = job["schedule"], job["options"]["expires"]
    task = PeriodicTask(name=name, task=job["task"], expire_seconds=int(expires), headers="{}")
    if isinstance(every, crontab):
        task.crontab = stored_schedule(CrontabSchedule.from_schedule(every))
    else:
        task.interval = stored_schedule(IntervalSchedule.from_schedule(schedule(every)))
    task.description = f"{MARK}{task.scheduler}"
    return task


def stored_schedule(row: Any) -> Any:
    if row.pk is None:
        row.save()
        row.refresh_from_db()  # normalises 5.0 seconds to 5
    return row


def write_task(default: PeriodicTask, stored: PeriodicTask | None) -> bool:
    """Insert or update the row; returns whether anything changed."""
    if stored is None:
        PeriodicTask.objects.bulk_create([default], ignore_conflicts=True)  # migrations may run concurrently
        return True
    names = ["task", "expire_seconds", "description"]
    if stored.description == f"{MARK}{stored.scheduler}":
        names += ["interval_id", "crontab_id"]
    values = {
        name: getattr(default, name) for name in names if getattr(default, name) != getattr(stored, name)
    }
    if values:
        PeriodicTask.objects.filter(pk=stored.pk).update(**values)
    return bool(values)
