"""Scheduled jobs that watch the product itself."""

from celery import shared_task

from operations.doctor.watch import watch


@shared_task
def examine() -> None:
    """Record the workers' heartbeat, and keep what the slow checks find for the home page."""
    watch()
