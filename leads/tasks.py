"""Celery task of sales. It takes no arguments."""

from celery import shared_task
from django.utils import timezone

from leads.figures.weekly import send_weekly_summary


@shared_task
def mail_weekly_summary() -> None:
    """Mail the summary of last week, unless it has been mailed."""
    send_weekly_summary(timezone.now())
