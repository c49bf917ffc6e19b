"""Scheduled jobs that watch the product itself, and tidy up after test users."""

from celery import shared_task

from operations.doctor.watch import watch
from operations.seeds import users


@shared_task
def examine() -> None:
    """Record the workers' heartbeat, and keep what the slow checks find for the home page."""
    watch()


@shared_task
def delete_expired_test_users() -> None:
    users.delete_expired()


@shared_task
def reset_test_users() -> None:
    """Give the test users that stay back their roles, and clear what they left."""
    users.reset()
