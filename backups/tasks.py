"""Scheduled jobs of backups. Making and proving them is not one: they take longer than a task may."""

from celery import shared_task

from backups import alarms


@shared_task
def watch_backups() -> None:
    alarms.alarm_when_old()
