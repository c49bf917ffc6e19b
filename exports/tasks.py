"""Celery task that writes due exports. It takes no arguments."""

from celery import shared_task

from exports.writing import write_next

SECONDS = 3600  # a million rows take minutes; the lease is renewed meanwhile


@shared_task(soft_time_limit=SECONDS, time_limit=SECONDS + 60)
def write_due() -> None:
    """Write exports until none is due."""
    while write_next():
        pass
