"""Celery task that queues and makes due calls of webhooks. It takes no arguments."""

import time

from celery import shared_task

from webhooks.delivery import deliver_next, enqueue_new

WORK_SECONDS = 12.0  # then the next task continues: one call may take ten more


@shared_task
def call_due() -> None:
    """Queue calls for new leads, then call until none is due or the time is up."""
    enqueue_new()
    until = time.monotonic() + WORK_SECONDS
    while time.monotonic() < until and deliver_next():
        pass
