"""Celery tasks of questionnaires. A task carries no data."""

from celery import shared_task

from scorecard.editing import lifecycle


@shared_task
def publish_due() -> int:
    """Publish the drafts whose time has come."""
    return lifecycle.publish_due()
