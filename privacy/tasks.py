"""Celery tasks of the hourly clean-up. Idempotent and state-driven: a missed hour only delays clearing."""

from celery import shared_task

from privacy.clearing import expired_sessions, undelivered_alarm
from privacy.clearing import scrub as scrubbing
from privacy.clearing.old_tests import delete_tests

SECONDS = 45.0  # below CELERY_TASK_SOFT_TIME_LIMIT; the next run continues from here


@shared_task
def scrub() -> None:
    scrubbing.scrub(seconds=SECONDS)


@shared_task
def watch_deliveries() -> None:
    undelivered_alarm.raise_alarm()


@shared_task
def cleanup_sessions() -> None:
    expired_sessions.cleanup_sessions()


@shared_task
def delete_old_tests() -> None:
    """Delete the tests past their retention."""
    delete_tests()
