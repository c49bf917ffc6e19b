"""The default schedule of config/celery.py as rows of django-celery-beat.

`migrate` writes them. What an operator changed stays: a row that is disabled, and a schedule other than the
default that its description names. All others follow the code, and go when the code drops them.
"""

from typing import Any

from celery import current_app
from celery.schedules import crontab, schedule
from django.apps import AppConfig
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask, PeriodicTasks

MARK = "Default: "  # begins the description of a row that this module wrote


def write_defaults(sender: AppConfig, **kwargs: Any) -> None:
    """Receiver of `post_migrate` of django-celery-beat. Idempotent: a second one changes nothing."""
    stored = {
        task.name: task
        for task in PeriodicTask.objects.select_related("interval", "crontab", "solar", "clocked")
    }
    wanted = [default_task(name, job) for name, job in current_app.conf.beat_schedule.items()]
    changes = [write(task, stored.get(task.name)) for task in wanted]
    dropped = stored.keys() - {task.name for task in wanted}
    gone = [task.pk for name, task in stored.items() if name in dropped and task.description.startswith(MARK)]
    if gone:
        PeriodicTask.objects.filter(pk__in=gone).delete()
    if gone or any(changes):
        PeriodicTasks.update_changed()  # tells a running beat


def default_task(name: str, job: dict[str, Any]) -> PeriodicTask:
    """The row of one entry of `beat_schedule`, with its schedule, not saved."""
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
        row.refresh_from_db()  # 5.0 seconds are stored, and shown, as 5
    return row


def write(default: PeriodicTask, stored: PeriodicTask | None) -> bool:
    """Insert the row, or bring what is stored up to date; whether that changed anything."""
    if stored is None:
        PeriodicTask.objects.bulk_create([default], ignore_conflicts=True)  # two migrations may run at once
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
