"""The hourly job of the form's own."""

from celery import shared_task

from assessments import analytics


@shared_task
def sum_up_figures() -> None:
    analytics.sum_up()
