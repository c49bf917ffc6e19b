"""The hourly jobs. Each clears whatever is due, so a missed hour costs an hour and a second run nothing."""

from celery import shared_task

from privacy.clearing import expired_sessions, undelivered_alarm
from privacy.clearing import scrub as scrubbing

SECONDS = 45.0  # under CELERY_TASK_SOFT_TIME_LIMIT: the next hour goes on where this one stopped


@shared_task
def scrub() -> None:
    scrubbing.scrub(seconds=SECONDS)


@shared_task
def watch_deliveries() -> None:
    undelivered_alarm.raise_alarm()


@shared_task
def cleanup_sessions() -> None:
    expired_sessions.cleanup_sessions()
